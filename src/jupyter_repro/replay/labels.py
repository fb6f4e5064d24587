"""How a sentence names several cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .versions import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cells_in_words"]

_CELL = "cell "


def cells_in_words(labels: Sequence[str], *, most: int) -> str:
    """Return ``cell 3``, ``cells 3 and 5``, ``cells 3, 5, 8 and 4 more``."""
    if len(labels) > 1 and all(label.startswith(_CELL) for label in labels):
        return "cells " + listed((label.removeprefix(_CELL) for label in labels), most=most)
    return listed(labels, most=most)
