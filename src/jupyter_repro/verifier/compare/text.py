"""Text: as a terminal shows it, less what names a place in memory, numbers by tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .normal import normalised
from .numbers import compare_numbers
from .outcome import IDENTICAL, Outcome, equivalent
from .terminal import rendered

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["compare_text"]


def compare_text(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two texts."""
    if reference == fresh:
        return IDENTICAL
    was, now = rendered(reference), rendered(fresh)
    if was == now:
        return equivalent("the same text on a terminal")
    (was, rules), (now, more) = normalised(was), normalised(now)
    if was == now:
        return equivalent(f"the same but for {' and '.join(dict.fromkeys((*rules, *more)))}")
    return compare_numbers(was, now, tolerance)
