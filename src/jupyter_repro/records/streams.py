"""Generators that draw the same numbers."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Twins"]


class Twins(msgspec.Struct, frozen=True, kw_only=True):
    """Generators of one stream, where several were meant."""

    holders: tuple[str, ...]
    """Where they are, as the notebook would write it; ``NumPy's global generator``."""
    kind: Literal["equal state", "same origin", "copied to workers"]
    """They stand at one point; they began at one point; each DataLoader worker gets a copy."""
