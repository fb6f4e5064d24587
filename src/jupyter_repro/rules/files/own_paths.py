"""RP511: paths that only one machine has."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .protocol import Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import NotebookFile

__all__ = ["OwnPath"]

_OWN = re.compile(
    r"(?:/(?:home|Users|root|mnt|media|Volumes|scratch|content/drive|kaggle/input|gpfs|nfs)/"
    r"|[A-Za-z]:[\\/](?![\\/])|~[\\/])[^\n*?]{1,300}"
)


class OwnPath:
    """RP511: a cell names a file by a path that only one machine or one user has.

    **Why is this bad?** Nobody else has that folder, so the notebook stops there for everyone else.
    **Example**: `pd.read_csv("/home/ana/project/train.csv")`.
    **Remedy**: put the file beside the notebook and write its path from there: `"data/train.csv"`.
    """

    code = "RP511"
    severity: Severity = "warning"
    remedy = "keep the file beside the notebook, and write its path from there: `data/...`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each such text once a cell, and calls of `Path.home()`."""
        for cell in notebook.cells:
            idle = {id(node.value) for node in cell.nodes if isinstance(node, ast.Expr)}
            said: set[str] = set()
            for node in cell.nodes:
                if isinstance(node, ast.Call) and notebook.full(node.func) == "pathlib.Path.home":
                    yield Spotted(
                        cell=cell.index,
                        line=node.lineno,
                        message="names a folder of one user (`Path.home()`)",
                    )
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in idle:
                    continue
                if _OWN.fullmatch(node.value) and node.value not in said:
                    said.add(node.value)
                    message = f"names a path that others do not have (`{node.value}`)"
                    yield Spotted(cell=cell.index, line=node.lineno, message=message)
