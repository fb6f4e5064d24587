"""Mixed precision in a cell run: how the loss was scaled, and where operations ran in half precision."""

from __future__ import annotations

import itertools

import msgspec

__all__ = ["Autocast", "MixedPrecision", "ScaleLog"]


class ScaleLog(msgspec.Struct, frozen=True, kw_only=True):
    """The scale of one gradient scaler after each of its updates."""

    start: float
    """The scale before the first of them."""
    scales: tuple[tuple[float, int], ...]
    """(scale, for how many updates in a row), in order."""

    @property
    def updates(self) -> int:
        """How many updates there were."""
        return sum(count for _, count in self.scales)

    @property
    def lowered(self) -> int:
        """How often the scale fell: a step was skipped since gradients were not finite."""
        values = [self.start, *(scale for scale, _ in self.scales)]
        return sum(after < before for before, after in itertools.pairwise(values))


class Autocast(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line that opens a region of lower precision."""

    device: str
    dtype: str
    count: int = 1
    line: int = 0
    text: str = ""


class MixedPrecision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of it a cell run did."""

    scalers: tuple[ScaleLog, ...] = ()
    regions: tuple[Autocast, ...] = ()
