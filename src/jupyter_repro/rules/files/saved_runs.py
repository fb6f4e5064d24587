"""RP105 and RP108 in files: what the saved outputs say of the last runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["NeverRun", "SavedError"]

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONG = 80


class NeverRun:
    """In files: a cell shows no run, while others do; execution counts are not judged beyond that."""

    code = "RP105"
    severity: Severity = "info"
    remedy = "restart, run all, save"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such cell; none if no cell has run."""
        if not any(isinstance(cell.count, int) for cell in notebook.cells):
            return
        for cell in notebook.cells:
            if (
                cell.count is None
                and not cell.outputs
                and not cell.is_empty
                and "skip-execution" not in cell.tags
            ):
                yield Spotted(cell=cell.index, message="shows no run, while other cells do")


class SavedError:
    """In files: the saved output of a cell is an error."""

    code = "RP108"
    severity: Severity = "error"
    remedy = "mend the cell, or tag it `raises-exception` if the error is meant"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each cell that ended so."""
        for cell in notebook.cells:
            if "raises-exception" in cell.tags:
                continue
            for output in cell.outputs:
                if output.get("output_type") == "error" and output.get("ename") != "KeyboardInterrupt":
                    said = _COLOURS.sub("", f"{output.get('ename')}: {output.get('evalue')}").split("\n")[0]
                    said = said if len(said) <= _LONG else f"{said[: _LONG - 1]}…"
                    what = f" (`{said}`)" if output.get("ename") else ""
                    yield Spotted(cell=cell.index, message=f"its saved output is an error{what}")
                    break
