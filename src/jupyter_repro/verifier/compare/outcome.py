"""The outcome of one comparison, and how outcomes join."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["IDENTICAL", "SAME", "Outcome", "differs", "equivalent", "settled", "volatile", "worst"]

Word = Literal["identical", "equivalent", "within tolerance", "volatile", "differs"]
_RANK: tuple[Word, ...] = ("identical", "equivalent", "within tolerance", "volatile", "differs")
SAME = ("identical", "equivalent", "within tolerance")
"""The verdicts that say: the author's result."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How two values compare, and why; ``largest`` is the largest relative difference of numbers."""

    verdict: Word
    why: str = ""
    largest: float | None = None
    respelled: str = ""
    """A number of the same value in other digits (``0.5``, ``0.50``): see :func:`settled`."""


IDENTICAL = Outcome("identical")


def equivalent(why: str) -> Outcome:
    """The same result, spelled otherwise."""
    return Outcome("equivalent", why)


def differs(why: str) -> Outcome:
    """Another result."""
    return Outcome("differs", why)


def volatile(why: str) -> Outcome:
    """Nothing that was promised: it may be anything, and shows nothing of being reproduced."""
    return Outcome("volatile", why)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Join outcomes: the worst verdict, the reasons of that rank, the largest difference."""
    every = list(outcomes)
    if not every:
        return IDENTICAL
    word = max((outcome.verdict for outcome in every), key=_RANK.index)
    reasons = dict.fromkeys(outcome.why for outcome in every if outcome.verdict == word and outcome.why)
    sizes = [outcome.largest for outcome in every if outcome.largest is not None]
    largest = max(sizes, default=None)
    respelled = next((outcome.respelled for outcome in every if outcome.respelled), "")
    why = "; ".join(list(reasons)[:2])
    if word == "within tolerance" and len(sizes) > 1:
        why = f"numbers differ by at most {largest:.1e} of their size"
    return Outcome(word, why, largest, respelled)


def settled(outcome: Outcome) -> Outcome:
    """Judge respelled numbers: they pass only beside a number that changed within the tolerance.

    The digits of a column follow its widest number, so one such change may respell the others. Without it
    nothing explains other digits, and ``1.1`` and ``1.10`` may be two versions.
    """
    if outcome.respelled and outcome.verdict != "differs" and outcome.largest is None:
        return differs(outcome.respelled)
    return outcome
