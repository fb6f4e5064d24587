"""What came of running a cell twice."""

from __future__ import annotations

import msgspec

__all__ = ["Once", "Outcome"]


class Once(msgspec.Struct, frozen=True):
    """The cell ran once only."""

    why: str
    remedy: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The cell ran twice from the same state."""

    differences: tuple[str, ...]
    """In the order in which they show: outputs first, then names."""
    outputs: int
    names: tuple[str, ...]
    """Names whose values were compared and are the same."""
    unseen: tuple[tuple[str, str], ...]
    """What was not compared, with the reason."""
    apart: tuple[tuple[str, str], ...]
    """What both runs used, since it cannot be copied."""
    traced: str
    """Where the operations of torch part; empty if they were not asked about."""
    likely: tuple[str, ...]
    """What may be behind a difference."""
