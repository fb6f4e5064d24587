"""RP111: a cell that does not compile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["BadSyntax"]


class BadSyntax:
    """RP111: a code cell is not Python, so Restart & Run All stops there.

    **Why is this bad?** No cell below it runs, and what it shows was made by another source.
    **Example**: `print "done"`.
    **Remedy**: mend it, make it a Markdown cell, or tag it `raises-exception` if the error is meant.
    """

    code = "RP111"
    severity: Severity = "error"
    remedy = "mend it, make it a Markdown cell, or tag it `raises-exception`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such cell."""
        for cell in notebook.cells:
            if isinstance(cell.parsed, SyntaxError) and "raises-exception" not in cell.tags:
                message = f"is not Python: {cell.parsed.msg}"
                yield Spotted(cell=cell.index, line=cell.parsed.lineno or 1, message=message)
