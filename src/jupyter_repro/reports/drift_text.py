"""A drift as text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from jupyter_repro.environments.drift.sentence import change_of
from jupyter_repro.records.drift import RANKS

from .ranked import by_rank, not_compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.drift import Difference, Drift

__all__ = ["drift_line", "drift_text", "moment"]


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
    yield from by_rank(drift.differences, _told, verbose=verbose)
    yield from not_compared(drift.unknown, verbose=verbose)
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
