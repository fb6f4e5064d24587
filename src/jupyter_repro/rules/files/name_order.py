"""RP102 and RP103 in files: names that Restart & Run All would not find."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from .at_once import run_at_once
from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import CodeCell, NotebookFile

__all__ = ["NameMadeBelow", "NameMadeNowhere"]

_GIVEN = frozenset(
    (*vars(builtins), "In", "Out", "__builtin__", "__builtins__", "__doc__", "__loader__", "__name__",
     "__package__", "__session__", "__spec__", "display", "exit", "get_ipython", "quit")
)  # fmt: skip
_HISTORY = re.compile(r"_+|_i+|_i?[0-9]+|_ih|_oh|_dh")
_ASK_FIRST = frozenset(("dir", "globals", "hasattr", "locals", "vars"))


class NameMadeBelow:
    """In files: the source uses a name that only cells below make."""

    code = "RP102"
    severity: Severity = "warning"
    remedy = "move the cell that makes it up, then restart and run all"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield the first use of each such name."""
        for cell, name, line, makers in _missing(notebook):
            if makers:
                message = f"uses `{name}`, which only {makers[0].label} below makes"
                yield Spotted(cell=cell.index, line=line, message=message)


class NameMadeNowhere:
    """In files: the source uses a name that no cell makes; a misspelled name looks the same.

    Cells after a `%run`, a star import or a magic of an extension are passed over: they may have it from there.
    """

    code = "RP103"
    severity: Severity = "warning"
    remedy = "put back the cell that made it, or mend the name"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield the first use of each such name."""
        for cell, name, line, makers in _missing(notebook):
            if not makers:
                gone = any(
                    name in each.names.deletes for each in notebook.cells[: notebook.cells.index(cell)]
                )
                why = "which a cell above has deleted" if gone else "which no cell makes"
                yield Spotted(cell=cell.index, line=line, message=f"uses `{name}`, {why}")


def _missing(notebook: NotebookFile) -> Iterator[tuple[CodeCell, str, int, list[CodeCell]]]:
    """Yield the first cell that surely needs a name that nothing above has made, and the cells below that make it."""
    made: set[str] = {*_GIVEN, *notebook.given}
    said: set[str] = set()
    for at, cell in enumerate(notebook.cells):
        names = cell.names
        if names.opaque or not names.compiles:
            return  # from here on any name may be there
        made.update(name for node in cell.nodes if isinstance(node, ast.Global) for name in node.names)
        if not cell.tags & {"raises-exception", "skip-execution"} and not _asks_first(cell):
            for name in sorted(names.reads - made - said - names.maybe_writes):
                line = _line_of(name, cell)
                if line and not _HISTORY.fullmatch(name):
                    said.add(name)
                    below = [each for each in notebook.cells[at + 1 :] if name in each.names.writes]
                    yield cell, name, line, below
        made |= names.writes
        made -= names.deletes - names.writes


def _asks_first(cell: CodeCell) -> bool:
    """Whether the cell looks which names there are, or provides for one that is not."""
    return any(
        (isinstance(node, ast.Name) and node.id in _ASK_FIRST)
        or (isinstance(node, ast.ExceptHandler) and _catches_names(node))
        for node in cell.nodes
    )


def _catches_names(handler: ast.ExceptHandler) -> bool:
    caught = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {""}
    )
    return bool(caught & {"", "NameError", "Exception", "BaseException"})


def _line_of(name: str, cell: CodeCell) -> int:
    """Return the first line that reads a name as the cell runs; 0 if only a text, a magic or a function names it."""
    lines = [
        node.lineno
        for node in run_at_once(cell.tree)
        if (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name)
    ]
    return min(lines, default=0)
