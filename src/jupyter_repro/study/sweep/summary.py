"""What the runs of a sweep say: pure."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.records.sweeps import KINDS, ClaimHeld, Distribution, Spread, SweepPoint

from .statistics import binomial_interval, bootstrap_median, mean, median, sd

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.sweeps import PointKind

    from .claim import Claim

__all__ = ["claim_held", "distribution", "notes_of", "spreads", "sweep_digest"]

_HALF = 0.5


def distribution(points: Sequence[SweepPoint], metric: str) -> Distribution:
    """Return one metric over the runs of other seeds."""
    given = [point.value(metric) for point in points if point.kind == "seed"]
    values = [value for value in given if value is not None and math.isfinite(value)]
    told = [value for value in given if value is not None]
    counted = Distribution(
        metric=metric,
        count=len(values),
        failed=len(given) - len(told),
        not_finite=len(told) - len(values),
    )
    if not values:
        return counted
    return msgspec.structs.replace(
        counted,
        median=median(values),
        mean=mean(values),
        sd=sd(values),
        least=min(values),
        most=max(values),
        interval=bootstrap_median(values),
    )


def spreads(points: Sequence[SweepPoint], metric: str) -> tuple[Spread, ...]:
    """Return how far runs lie apart, for each reason that was tried; the seeds come first."""
    seeds = _spread(points, metric, "seed", None)
    kinds: list[PointKind] = [kind for kind in KINDS if any(point.kind == kind for point in points)]
    return tuple(seeds if kind == "seed" else _spread(points, metric, kind, seeds.sd) for kind in kinds)


def _spread(points: Sequence[SweepPoint], metric: str, kind: PointKind, of_seeds: float | None) -> Spread:
    first = next(point for point in points if point.kind == "seed")
    runs = [point for point in points if point.kind == kind]
    others = runs[1:] if kind == "seed" else runs
    told = [point.value(metric) for point in (first, *others)]
    values = [value for value in told if value is not None and math.isfinite(value)]
    own = sd(values)
    return Spread(
        metric=metric,
        kind=kind,
        count=len(values),
        failed=sum(point.value(metric) is None for point in runs),
        differing=sum(
            point.values.get(metric) != first.values.get(metric)
            for point in others
            if metric in point.values and metric in first.values
        ),
        sd=own,
        most_apart=max(values) - min(values) if values else None,
        of_seeds=own / of_seeds if of_seeds and own is not None else None,
    )


def claim_held(points: Sequence[SweepPoint], claim: Claim) -> ClaimHeld:
    """Return in how many seeds a claim is true, with the exact interval of the share."""
    found = [
        claim.holds({name: point.value(name) for name in claim.metrics})
        for point in points
        if point.kind == "seed"
    ]
    decided = [each for each in found if each is not None]
    interval = binomial_interval(sum(decided), len(decided))
    low, high = interval or (0.0, 1.0)
    return ClaimHeld(
        text=claim.text,
        held=sum(decided),
        decided=len(decided),
        undecided=len(found) - len(decided),
        interval=interval,
        verdict="survives" if low > _HALF else "does not survive" if high < _HALF else "undecided",
    )


def notes_of(points: Sequence[SweepPoint], metrics: Sequence[str]) -> Iterator[str]:
    """Yield what the numbers alone would hide."""
    seeds = [point for point in points if point.kind == "seed" and not point.error]
    if len(seeds) > 1 and all(point.values == seeds[0].values for point in seeds):
        yield (
            "every seed gave the same bits: nothing random is left, or seeds are written into the code where no sweep "
            "reaches them (`random_state=0`, `np.random.seed(0)`); so the spread says nothing about chance"
        )
    for metric in metrics:
        repeats = [point for point in points if point.kind == "repeat" and metric in point.values]
        first = next(point for point in points if point.kind == "seed")
        if any(point.values[metric] != first.values.get(metric) for point in repeats):
            yield f"`{metric}` is not the same when the first seed is run again: something no seed governs moves it"
    failed: dict[str, int] = {}
    for point in points:
        if point.error:
            failed[point.error] = failed.get(point.error, 0) + 1
    for why, count in sorted(failed.items(), key=lambda each: (-each[1], each[0])):
        yield f"{count} {'run' if count == 1 else 'runs'} failed: {why}"


def sweep_digest(points: Sequence[SweepPoint]) -> str:
    """Return SHA-256 over the runs: what they were given and the bits that they gave."""
    return hashlib.sha256(dumps([to_builtins(point) for point in points])).hexdigest()
