"""What numbers say: pure functions, with generators of their own, the same on every machine.

The bootstrap is the percentile bootstrap of Efron and Tibshirani (1993, chapter 13), the binomial interval that of Clopper and
Pearson (1934, Biometrika 26).
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from jupyter_repro.rng.derive import derive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["binomial_interval", "bootstrap_median", "mean", "median", "sd"]

RESAMPLES = 4999
FEWEST = 5
"""Values below which the resamples of a median are too few to say anything."""
_HALVINGS = 60
_HUGE = 2.0**500


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle; there must be one."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def sd(values: Sequence[float]) -> float | None:
    """Return the standard deviation with n - 1, exactly 0 for equal values; None for fewer than two."""
    if len(values) < 2:  # noqa: PLR2004 - one value has no spread
        return None
    if min(values) == max(values):
        return 0.0
    scale = _scale(values)
    scaled = [value / scale for value in values]
    middle = math.fsum(scaled) / len(scaled)
    return scale * math.sqrt(math.fsum((value - middle) ** 2 for value in scaled) / (len(scaled) - 1))


def mean(values: Sequence[float]) -> float:
    """Return the mean, rounded once; there must be a value."""
    scale = _scale(values)
    return scale * (math.fsum(value / scale for value in values) / len(values))


def _scale(values: Sequence[float]) -> float:
    """Return 1, or a power of two that keeps sums of huge numbers from becoming infinite."""
    return 2.0**600 if max(map(abs, values)) > _HUGE else 1.0


def bootstrap_median(values: Sequence[float], *, level: float = 0.95) -> tuple[float, float] | None:
    """Return the percentile interval of the median; None for fewer than five values.

    The generator is its own and begins alike each time: the same values, in any order, give the same interval.
    """
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    generator = random.Random(derive(0, "sweep", "bootstrap"))  # noqa: S311 - statistics, no secret
    found = sorted(median(generator.choices(ordered, k=len(ordered))) for _ in range(RESAMPLES))
    tail = (1 - level) / 2
    return found[math.floor(tail * (RESAMPLES + 1)) - 1], found[math.ceil((1 - tail) * (RESAMPLES + 1)) - 1]


def binomial_interval(held: int, of: int, *, level: float = 0.95) -> tuple[float, float] | None:
    """Return the exact interval of a share; None of nothing."""
    if of == 0:
        return None
    tail = (1 - level) / 2
    low = 0.0 if held == 0 else _solved(lambda p: _at_least(held, of, p), tail)
    high = 1.0 if held == of else _solved(lambda p: 1 - _at_least(held + 1, of, p), tail, falling=True)
    return low, high


def _at_least(held: int, of: int, p: float) -> float:
    """Return the chance of so many successes or more."""
    if p <= 0.0 or p >= 1.0:
        return float(held <= 0 or p >= 1.0)
    terms = (
        math.lgamma(of + 1)
        - math.lgamma(k + 1)
        - math.lgamma(of - k + 1)
        + k * math.log(p)
        + (of - k) * math.log1p(-p)
        for k in range(held, of + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def _solved(chance: Callable[[float], float], wanted: float, *, falling: bool = False) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if (chance(middle) < wanted) != falling:
            low = middle
        else:
            high = middle
    return (low + high) / 2
