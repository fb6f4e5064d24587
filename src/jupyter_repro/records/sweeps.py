"""What a sweep asked for, what came of each run, and what that says."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = [
    "KINDS",
    "ClaimHeld",
    "Distribution",
    "PointKind",
    "Spread",
    "Sweep",
    "SweepPoint",
]

PointKind = Literal["seed", "repeat", "ulp", "threads", "hashseed"]
KINDS: dict[PointKind, str] = {
    "seed": "other seeds",
    "repeat": "the first seed again",
    "ulp": "one ulp apart",
    "threads": "other threads",
    "hashseed": "other hash seeds",
}
"""Each kind of run in words; all but the first keep the first seed."""

ClaimVerdict = Literal["survives", "does not survive", "undecided"]


class SweepPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One run: what it was given and what it gave."""

    kind: PointKind
    number: int
    """Counts the runs of its kind from 0."""
    index: int
    """Which child of the root seed it has."""
    seed: int
    threads: int
    hash_seed: int
    values: dict[str, str] = {}
    """Metric to ``float.hex()``: bits, not digits. Empty where the run failed."""
    error: str = ""
    """Why it failed; empty where it did not."""

    def value(self, metric: str) -> float | None:
        """Return the number, None where the run has none."""
        told = self.values.get(metric)
        return None if told is None else float.fromhex(told)


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """One metric over the seeds."""

    metric: str
    count: int
    """Finite values: what all below is about."""
    failed: int
    """Runs without a value."""
    not_finite: int
    """Values that are infinite or no number."""
    median: float | None = None
    mean: float | None = None
    sd: float | None = None
    """With n - 1; None for fewer than two."""
    least: float | None = None
    most: float | None = None
    interval: tuple[float, float] | None = None
    """95% of the median, by the bootstrap; None for fewer than five values."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How far runs lie apart for one reason."""

    metric: str
    kind: PointKind
    count: int
    """Runs with a finite value, the first seed's own among them."""
    failed: int
    differing: int
    """Runs with other bits than the first seed's own."""
    sd: float | None
    """None for fewer than two."""
    most_apart: float | None
    """The largest value less the smallest."""
    of_seeds: float | None = None
    """``sd`` over that of the seeds; None where the seeds have none."""


class ClaimHeld(msgspec.Struct, frozen=True, kw_only=True):
    """In how many seeds a statement about the metrics is true."""

    text: str
    held: int
    decided: int
    """Runs in which every metric of it is a finite number."""
    undecided: int
    """Runs that failed or gave no finite number."""
    interval: tuple[float, float] | None
    """95 % of the share, exact binomial (Clopper and Pearson); None where nothing was decided."""
    verdict: ClaimVerdict
    """``survives``: the whole interval lies above one half; ``does not survive``: below."""


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep and what it says; it holds no times and no places, so it is the same on every engine."""

    schema: int = 1
    subject: str
    """What was run, for people: ``train``, ``study.ipynb``."""
    root: int
    """The seed whose children the runs have."""
    root_from: str
    """Who said so."""
    threads: int
    """How many threads each run had, but for those of kind ``threads``."""
    params: dict[str, str] = {}
    metrics: tuple[str, ...]
    points: tuple[SweepPoint, ...]
    distributions: tuple[Distribution, ...]
    spreads: tuple[Spread, ...] = ()
    claim: ClaimHeld | None = None
    notes: tuple[str, ...] = ()
    """What a reader must know beside the numbers."""
    digest: str
    """SHA-256 over every run's settings and bits: the same wherever the runs took place."""

    def of_kind(self, kind: PointKind) -> tuple[SweepPoint, ...]:
        """Return the runs of one kind, in order."""
        return tuple(point for point in self.points if point.kind == kind)
