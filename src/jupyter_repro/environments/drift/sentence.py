"""A drift in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records.drift import Difference, Unknown

__all__ = ["change_of", "sentence_of"]

_FEW = 3


def sentence_of(differences: Sequence[Difference], unknown: Sequence[Unknown] = ()) -> str:
    """Say the worst of what differs; where nothing is seen to differ, say what was not seen."""
    worst = [each for each in differences if each.rank == "can change numbers"]
    if worst:
        told = ", ".join(f"{each.what} {change_of(each)}" for each in worst[:_FEW])
        more = f" and {len(worst) - _FEW} more" if len(worst) > _FEW else ""
        return f"{_things(len(worst), 'difference')} can change numbers: {told}{more}"
    may = [each for each in differences if each.rank == "may change results"]
    if may:
        told = ", ".join(f"{each.what} {change_of(each)}" for each in may[:_FEW])
        more = f" and {len(may) - _FEW} more" if len(may) > _FEW else ""
        return f"nothing is known to change numbers; {_things(len(may), 'difference')} may change results: {told}{more}"
    if unknown:
        return f"nothing is seen to differ, but {_things(len(unknown), 'fact')} could not be compared: {unknown[0].what}"
    return "nothing differs that could change numbers"


def change_of(difference: Difference) -> str:
    """Return ``1.26.4 -> 2.1.0``, ``1.0 -> not there``."""
    return f"{difference.before or 'not there'} -> {difference.now or 'not there'}"


def _things(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
