"""A drift as text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_repro.environments.drift.sentence import change_of
from jupyter_repro.records.drift import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.drift import Difference, Drift

__all__ = ["drift_line", "drift_text", "moment"]

_MOST = 12
"""Differences of one rank that are told one by one, unless all are asked for."""


def drift_text(drift: Drift, *, verbose: bool = False) -> str:
    """Return the drift for a terminal or a cell's output.

    Args:
        drift: The facts.
        verbose: Also what cannot change numbers, one by one.
    """
    return "\n".join(_lines(drift, verbose=verbose))


def drift_line(drift: Drift) -> str:
    """Return the one line to say when a notebook is opened; empty where nothing is known to change numbers."""
    if not drift.record or not drift.of_rank(RANKS[0]):
        return ""
    return f"repro: this is not the environment that made the saved outputs: {drift.sentence}. `%repro drift` says all."


def moment(seconds: float) -> str:
    """Return ``2026-11-21 14:03 UTC``."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _lines(drift: Drift, *, verbose: bool) -> Iterator[str]:
    if not drift.record:
        yield f"{drift.sentence[:1].upper()}{drift.sentence[1:]}."
        return
    made = f", captured {moment(drift.made)}" if drift.made is not None else ""
    covers = f", which made {drift.covers}" if drift.covers else ""
    yield f"Compared with {drift.record}{made}{covers}."
    yield f"{drift.sentence[:1].upper()}{drift.sentence[1:]}."
    for rank in RANKS:
        found = drift.of_rank(rank)
        if not found:
            continue
        yield ""
        if rank == RANKS[-1] and not verbose:
            named = ", ".join(each.what for each in found[:_MOST])
            more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
            yield f"{rank}: {named}{more} (`verbose` tells them)"
            continue
        yield f"{rank}:"
        for each in found if verbose else found[:_MOST]:
            yield from _told(each)
        if len(found) > _MOST and not verbose:
            yield f"  and {len(found) - _MOST} more (`verbose` tells them)"
    if drift.unknown:
        yield ""
        yield "could not be compared:"
        yield from (f"  {each.what}: {each.reason}" for each in drift.unknown)
    if drift.restore_packages:
        yield ""
        yield "all packages at once:"
        yield f"  {drift.restore_packages}"


def _told(difference: Difference) -> Iterator[str]:
    yield f"  {difference.what}  {change_of(difference)}  ({difference.reason})"
    if difference.restore:
        after = f"   # {difference.instead}" if difference.instead else ""
        yield f"      {difference.restore}{after}"
    elif difference.instead:
        yield f"      {difference.instead}"
