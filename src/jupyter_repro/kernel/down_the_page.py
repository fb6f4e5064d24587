"""Whether cells have run down the page so far, so that nothing can depart from run-all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records import CellId, CellRun

__all__ = ["DownThePage"]


class DownThePage:
    """Follows where in the notebook cells run.

    While each cell runs for the first time and below the ones that ran before, the kernel is as run-all would
    have it, and no walk is needed to know.
    """

    def __init__(self) -> None:
        self._linear = True
        self._position = -1
        self._seen: set[str] = set()

    @property
    def next_position(self) -> int:
        """Where a cell stands if no notebook is known: cells follow one another."""
        return self._position + 1

    def goes_on_with(self, cell: CellId, position: int | None) -> bool:
        """Tell whether the kernel goes on down the page if this cell runs now."""
        return self._linear and cell not in self._seen and position is not None and position > self._position

    def ran(self, run: CellRun, position: int | None) -> bool:
        """Take note of a run; tell whether the kernel still is as run-all would have it."""
        key = run.cell or f"source-{run.digest}"
        first = key not in self._seen
        self._seen.add(key)
        self._linear = self._linear and first and position is not None and position > self._position
        self._position = max(self._position, -1 if position is None else position)
        return self._linear

    def is_mended(self) -> None:
        """A walk has shown that the kernel is again as run-all would have it."""
        self._linear = True
