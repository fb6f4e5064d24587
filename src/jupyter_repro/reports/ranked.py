"""Differences by their rank, as lines: the worst one by one, what cannot matter in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jupyter_repro.records.drift import RANKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from jupyter_repro.records.drift import Difference, Unknown
    from jupyter_repro.records.run_diff import Explanation

    _Ranked = TypeVar("_Ranked", Difference, Explanation)

__all__ = ["MOST", "by_rank", "not_compared", "some"]

MOST = 12
"""Lines of one kind, unless all are asked for."""


def by_rank(
    found: Sequence[_Ranked], told: Callable[[_Ranked], Iterable[str]], *, verbose: bool
) -> Iterator[str]:
    """Yield a paragraph for each rank.

    Args:
        found: The differences.
        told: Returns the lines of one.
        verbose: All of them, also what cannot change numbers.
    """
    for rank in RANKS:
        these = [each for each in found if each.rank == rank]
        if not these:
            continue
        yield ""
        if rank == RANKS[-1] and not verbose:
            more = f" and {len(these) - MOST} more" if len(these) > MOST else ""
            yield f"{rank}: {', '.join(each.what for each in these[:MOST])}{more} (`verbose` tells them)"
            continue
        yield f"{rank}:"
        for each in these if verbose else these[:MOST]:
            yield from told(each)
        if len(these) > MOST and not verbose:
            yield f"  and {len(these) - MOST} more (`verbose` tells them)"


def not_compared(unknown: Sequence[Unknown], *, verbose: bool) -> Iterator[str]:
    """Yield a paragraph on what could not be compared."""
    if unknown:
        yield ""
        yield "could not be compared:"
        yield from some([f"  {each.what}: {each.reason}" for each in unknown], verbose=verbose)


def some(lines: Sequence[str], *, verbose: bool) -> Iterator[str]:
    """Yield lines, and how many more there are."""
    yield from lines if verbose else lines[:MOST]
    if len(lines) > MOST and not verbose:
        yield f"  and {len(lines) - MOST} more (`verbose` tells them)"
