"""Randomness that belongs to training, seen where a cell evaluates or samples."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["TrainingKind", "TrainingUse"]

TrainingKind = Literal["dropout", "batch norm", "Monte Carlo dropout", "Gumbel noise"]


class TrainingUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a cell at which it is in play."""

    kind: TrainingKind
    what: str
    """The module as the cell names it, or the call as its source spells it."""
    line: int
    layers: int = 0
    """How many layers of the module it is; 0 where no module is behind it."""
