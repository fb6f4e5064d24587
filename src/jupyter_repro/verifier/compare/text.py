"""Text: as a notebook shows it, less what names a place in memory, numbers by tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .comparer import Comparer
from .normal import normalised
from .numbers import compare_part
from .outcome import IDENTICAL, Outcome, equivalent, settled
from .terminal import rendered

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_text", "compare_text_part"]


def compare_text(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two texts."""
    return settled(compare_text_part(reference, fresh, tolerance))


def compare_text_part(reference: str, fresh: str, tolerance: Tolerance, scale: float = 0.0) -> Outcome:
    """Compare two texts that are parts of a whole, whose outcome is yet to be settled."""
    if reference == fresh:
        return IDENTICAL
    was, now = rendered(reference), rendered(fresh)
    if was == now:
        return equivalent("the same text on a terminal")
    (was, rules), (now, more) = normalised(was), normalised(now)
    if was == now:
        return equivalent(f"the same but for {' and '.join(dict.fromkeys((*rules, *more)))}")
    return compare_part(was, now, tolerance, scale)


COMPARER = Comparer(
    ("text/plain", "text/markdown", "text/latex", "application/javascript"), compare_text, text=rendered
)
