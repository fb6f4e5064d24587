"""Entropy leaks: draws that no seed governs, each with the line that asked."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["EntropyMode", "Leak", "LeakKind"]

EntropyMode = Literal["off", "report", "derive", "raise"]
"""What becomes of a draw that no seed governs."""

LeakKind = Literal[
    "unseeded generator",
    "reseeded",
    "clock seed",
    "system entropy",
    "unsorted listing",
    "threads that draw",
    "set order",
]


class Leak(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the user's code at which entropy came in, with how often during a cell run."""

    kind: LeakKind
    what: str
    """The call as the source spells it, ``np.random.default_rng()``, or what was called."""
    count: int = 1
    derived: bool = False
    """A value derived from the seed stood in, so a fresh kernel draws the same."""
    certain: bool = True
    """False: it cannot be seen whether the generator was given a seed after all."""
    via: str = ""
    """The library that asked on behalf of the line; empty: the line itself."""
    file: str = ""
    """The file of the line; of a cell the name that Python has for it."""
    line: int = 0
    text: str = ""
    """The line itself."""
    source: str = ""
    """SHA-256 of the source that the line belongs to, where it is a cell's; else empty."""
