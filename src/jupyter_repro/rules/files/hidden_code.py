"""RP112 and RP113: names that come from where the notebook does not show them."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from jupyter_repro.replay.magics import magic_of

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["RunsAFile", "StarImport"]


class RunsAFile:
    """RP112: a cell runs another file in the names of the notebook: `%run`, `exec(open(...).read())`.

    **Why is this bad?** The names that it makes stand nowhere in the notebook; whoever gets the notebook alone
    cannot run it, and no analysis sees past the line.
    **Example**: `%run setup.py`.
    **Remedy**: make the file a module and import what is used: `from setup import load`.
    """

    code = "RP112"
    severity: Severity = "info"
    remedy = "make the file a module, and import by name what is used"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such line."""
        for cell in notebook.cells:
            for call in cell.calls:
                magic = magic_of(call)
                if magic is not None and magic.kind == "run_line_magic" and magic.name == "run":
                    message = f"runs another file in the names of the notebook (`%run {magic.line.strip()}`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)
                elif notebook.full(call.func) == "exec" and any(
                    isinstance(part, ast.Call) and notebook.full(part.func) == "open"
                    for part in ast.walk(call)
                ):
                    message = "runs the text of another file (`exec(open(...))`)"
                    yield Spotted(cell=cell.index, line=call.lineno, message=message)


class StarImport:
    """RP113: a cell imports all names of a module that is not of Python itself.

    **Why is this bad?** Another version of the module binds other names, perhaps over the notebook's own, and
    which name is whose can only be told by running it.
    **Example**: `from helpers import *`.
    **Remedy**: import the names that are used: `from helpers import load, plot`.
    """

    code = "RP113"
    severity: Severity = "info"
    remedy = "import the names that are used"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such import."""
        for cell in notebook.cells:
            for node in cell.nodes:
                if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                    module = f"{'.' * node.level}{node.module or ''}"
                    if module.partition(".")[0] not in sys.stdlib_module_names:
                        message = f"binds names that cannot be seen (`from {module} import *`)"
                        yield Spotted(cell=cell.index, line=node.lineno, message=message)
