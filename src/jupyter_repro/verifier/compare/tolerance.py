"""How far two numbers may be apart and still be the same result."""

from __future__ import annotations

import dataclasses

__all__ = ["PROFILES", "Tolerance"]


@dataclasses.dataclass(frozen=True)
class Tolerance:
    """Relative and absolute tolerance of floating-point numbers.

    ``|a - b| <= rtol * max(|a|, |b|) + atol * min(1, scale)``, where ``scale`` is the largest floating-point
    number beside them: in their line, table row or list. So ``1e-17`` and ``0.0`` beside ``1.0`` are noise,
    while ``6.6e-34`` and ``9.9e-34`` on their own are two results.
    """

    rtol: float = 1e-9
    atol: float = 1e-12

    def allows(self, was: float, now: float, scale: float) -> bool:
        """Tell whether two finite numbers are near enough; ``scale`` is the largest number beside them."""
        size = max(abs(was), abs(now))
        return abs(was - now) <= self.rtol * size + self.atol * min(1.0, max(scale, size))


PROFILES = {"cpu": Tolerance(), "gpu": Tolerance(rtol=1e-5, atol=1e-7)}
"""Tolerances by name. Single precision on a GPU keeps seven digits, and sums in an order of its own."""
