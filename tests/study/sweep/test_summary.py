"""What runs say, failed ones and infinities among them."""

from __future__ import annotations

from typing import Any

from jupyter_repro.records.sweeps import SweepPoint
from jupyter_repro.study.sweep.claim import Claim
from jupyter_repro.study.sweep.summary import claim_held, distribution, notes_of, spreads, sweep_digest


def _point(kind: Any, number: int, *, error: str = "", **values: float) -> SweepPoint:
    bits = {name: value.hex() for name, value in values.items()}
    return SweepPoint(
        kind=kind, number=number, index=number, seed=number, threads=1, hash_seed=0, values=bits, error=error
    )


def _seeds(*values: float) -> list[SweepPoint]:
    return [_point("seed", number, acc=value) for number, value in enumerate(values)]


def test_failed_and_infinite_runs_are_counted() -> None:
    """Neither is dropped, neither moves the median."""
    points = [*_seeds(1.0, 2.0, 3.0, float("nan")), _point("seed", 4, error="it broke")]
    found = distribution(points, "acc")
    assert (found.count, found.failed, found.not_finite, found.median) == (3, 1, 1, 2.0)
    assert list(notes_of(points, ["acc"]))[-1] == "1 run failed: it broke"


def test_no_number_at_all() -> None:
    """Then there is no median to show."""
    found = distribution([_point("seed", 0, error="x")], "acc")
    assert (found.count, found.failed, found.median, found.interval) == (0, 1, None, None)


def test_spread_of_seeds_against_that_of_repeats() -> None:
    """The same bits are told from another number, and the share of the seeds' spread is given."""
    points = [*_seeds(1.0, 2.0, 3.0), _point("repeat", 0, acc=1.0), _point("repeat", 1, acc=1.5)]
    seeds, repeats = spreads(points, "acc")
    assert (seeds.sd, seeds.differing, seeds.most_apart) == (1.0, 2, 2.0)
    assert (repeats.count, repeats.differing, repeats.most_apart) == (3, 1, 0.5)
    assert repeats.of_seeds == repeats.sd
    assert any("something no seed governs moves it" in note for note in notes_of(points, ["acc"]))


def test_seeds_that_change_nothing_are_told() -> None:
    """A spread of nothing says nothing about chance."""
    assert "every seed gave the same bits" in next(notes_of(_seeds(1.0, 1.0), ["acc"]))


def test_claims() -> None:
    """Counted over the runs that decide it; the verdict hangs on the whole interval."""
    points = [_point("seed", n, a=1.0, b=float(n >= 29)) for n in range(32)]
    points += [_point("seed", 32, error="x"), _point("repeat", 0, a=0.0, b=1.0)]
    found = claim_held(points, Claim("a > b"))
    assert (found.held, found.decided, found.undecided, found.verdict) == (29, 32, 1, "survives")
    assert claim_held(points, Claim("a < b")).verdict == "does not survive"
    assert claim_held(points[:3], Claim("a > b")).verdict == "undecided"
    assert claim_held([_point("seed", 0, error="x")], Claim("a > b")).interval is None


def test_digest_is_of_bits() -> None:
    """Another last bit is another sweep."""
    assert sweep_digest(_seeds(1.0)) == sweep_digest(_seeds(1.0))
    assert sweep_digest(_seeds(1.0)) != sweep_digest(_seeds(1.0 + 2**-52))
