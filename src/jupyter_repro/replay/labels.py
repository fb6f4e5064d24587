"""How a sentence names cells and their verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .versions import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cells_in_words", "verdict_in_words"]

_CELL = "cell "
_SPOKEN = {
    "hidden state": "rest{s} on hidden state",
    "rng shifted": "ha{s} a shifted RNG",
    "input changed": "ha{s} a changed input",
}
"""Verdicts that are not adjectives."""


def verdict_in_words(verdict: str, *, several: bool = False, will: bool = False) -> str:
    """Return ``is stale``, ``has a shifted RNG``; of several cells ``are stale``; of what will be ``be stale``."""
    phrase = _SPOKEN.get(verdict)
    if phrase is None:
        return f"{'be' if will else 'are' if several else 'is'} {verdict}"
    if phrase.startswith("ha"):
        return phrase.format(s="ve" if several or will else "s")
    return phrase.format(s="" if several or will else "s")


def cells_in_words(labels: Sequence[str], *, most: int) -> str:
    """Return ``cell 3``, ``cells 3 and 5``, ``cells 3, 5, 8 and 4 more``."""
    if len(labels) > 1 and all(label.startswith(_CELL) for label in labels):
        return "cells " + listed((label.removeprefix(_CELL) for label in labels), most=most)
    return listed(labels, most=most)
