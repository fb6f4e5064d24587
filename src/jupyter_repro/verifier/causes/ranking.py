"""All causes of a cell's difference, the most telling first, and the cell that went another way first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import above, failure, inputs, machine, packages, rng, unrepeatable

if TYPE_CHECKING:
    from .cause import Cause
    from .runs import RunCell, Runs

__all__ = ["first_divergence", "ranked", "unexplained"]

KINDS = (failure, inputs, packages, rng, unrepeatable, machine, above)
"""Those that explain most come first, where they are equally certain."""

_CERTAIN = ("recorded", "likely", "possible")
_MOST = 6


def ranked(cell: RunCell, runs: Runs) -> tuple[Cause, ...]:
    """Return the causes of one cell that differs; empty for one that does not, and where nothing is known."""
    if not cell.diverged:
        return ()
    found = [each for kind in KINDS for each in kind.causes(cell, runs)]
    return tuple(sorted(found, key=lambda each: _CERTAIN.index(each.certainty))[:_MOST])


def unexplained(cell: RunCell) -> str:
    """Say what is left where no cause was found."""
    if not cell.was.known:
        return "no record tells what this cell stood on in the author's run, so why it differs is not known"
    if not cell.now.known:
        return "the run here left no record of this cell, so why it differs is not known"
    return (
        "nothing on record differs up to this cell; what is left is what records do not hold: clocks, the system's "
        "entropy, uninitialised memory, files that were only looked for or that compiled code read"
    )


def first_divergence(runs: Runs) -> dict[str, Any] | None:
    """Return the first cell that gave another result, with its most telling cause; None if none did."""
    for cell in runs.cells:
        if cell.diverged:
            why = next(iter(ranked(cell, runs)), None)
            text = unexplained(cell) if why is None else why.text
            return {"cell": cell.id, "label": cell.label, "why": text}
    return None
