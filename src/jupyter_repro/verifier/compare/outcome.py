"""The outcome of one comparison, and how outcomes join."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["IDENTICAL", "Outcome", "differs", "equivalent", "worst"]

Word = Literal["identical", "equivalent", "within tolerance", "differs"]
_RANK: tuple[Word, ...] = ("identical", "equivalent", "within tolerance", "differs")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How two values compare, and why; ``largest`` is the largest relative difference of numbers."""

    verdict: Word
    why: str = ""
    largest: float | None = None


IDENTICAL = Outcome("identical")


def equivalent(why: str) -> Outcome:
    """The same result, spelled otherwise."""
    return Outcome("equivalent", why)


def differs(why: str) -> Outcome:
    """Another result."""
    return Outcome("differs", why)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Join outcomes: the worst verdict, the reasons of that rank, the largest difference."""
    every = list(outcomes)
    if not every:
        return IDENTICAL
    word = max((outcome.verdict for outcome in every), key=_RANK.index)
    reasons = dict.fromkeys(outcome.why for outcome in every if outcome.verdict == word and outcome.why)
    sizes = [outcome.largest for outcome in every if outcome.largest is not None]
    return Outcome(word, "; ".join(list(reasons)[:2]), max(sizes, default=None))
