"""Two runs beside each other, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ranked import by_rank, not_compared, some
from .runs_text import short_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.run_diff import Explanation, RunDiff

__all__ = ["run_diff_text"]


def run_diff_text(diff: RunDiff, *, verbose: bool = False) -> str:
    """Return the comparison for a terminal.

    Args:
        diff: The facts.
        verbose: Also what cannot change numbers, one by one.
    """
    return "\n".join(_lines(diff, verbose=verbose))


def _lines(diff: RunDiff, *, verbose: bool) -> Iterator[str]:
    yield f"{short_id(diff.first)} -> {short_id(diff.second)}: {diff.sentence}."
    if diff.outputs:
        yield ""
        yield "results:"
        lines = [
            f"  {each.cell} {each.what}" + (f" ({each.detail})" if each.detail else "")
            for each in diff.outputs
        ]
        yield from some(lines, verbose=verbose)
    yield from by_rank(diff.explanations, _told, verbose=verbose)
    yield from not_compared(diff.unknown, verbose=verbose)


def _told(each: Explanation) -> Iterator[str]:
    change = f"{each.before or 'not there'} -> {each.now or 'not there'}"
    yield f"  {each.area}: {each.what}  {change}  ({each.reason})"
    if each.restore:
        yield f"      {each.restore}"
