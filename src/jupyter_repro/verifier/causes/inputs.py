"""A file that a cell read was another, or was read in one run only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes"]

_MOST = 3


def causes(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    """Yield the files of which the two runs read other bytes."""
    if not (cell.was.known and cell.now.known):
        return
    different = [
        name for name in cell.was.read if name in cell.now.read and cell.was.read[name] != cell.now.read[name]
    ]
    for name in different[:_MOST]:
        maker = _maker(name, cell, runs)
        if maker is None:
            yield Cause(
                "input", f"it read `{name}`, which holds something else than the author's", "recorded"
            )
        else:
            said = f"it read `{name}`, which {maker.label} writes and which holds something else here"
            yield Cause("input", said, "recorded", maker.label)
    gone = [name for name in cell.was.read if name not in cell.now.read and name not in cell.now.wrote]
    new = [name for name in cell.now.read if name not in cell.was.read and name not in cell.was.wrote]
    for name in gone[:_MOST]:
        yield Cause("input", f"the author's run read `{name}` in it, and this run did not", "likely")
    for name in new[:_MOST]:
        yield Cause("input", f"this run read `{name}` in it, and the author's did not", "likely")


def _maker(name: str, cell: RunCell, runs: Runs) -> RunCell | None:
    """Return the last cell above that wrote the file."""
    return next((each for each in reversed(runs.before(cell)) if name in each.now.wrote), None)
