"""RP206 and RP208 in files: orders that differ from machine to machine."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import called_name, spelled
from jupyter_repro.entropy.listings import order_is_lost
from jupyter_repro.entropy.set_order import set_walks

from .listing_uses import order_is_idle
from .protocol import Edit, Spotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .notebook import CodeCell, NotebookFile

__all__ = ["ListingOrder", "SetsInOrder"]

_LISTS = frozenset(("glob.glob", "os.listdir"))
"""They give a list, and `sorted` gives a list too."""
_LISTINGS = _LISTS | {"glob.iglob", "os.scandir", "os.walk"}
_METHODS = frozenset(("glob", "iterdir", "rglob"))
_TAKE_ANY = frozenset(("enumerate", "list", "tuple"))


class ListingOrder:
    """In files: a listing of a folder whose order reaches the results, by the source around it."""

    code = "RP206"
    severity: Severity = "warning"
    remedy = "put `sorted(...)` around it"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each listing."""
        for cell in notebook.cells:
            calm = {
                id(part) for call in cell.calls if called_name(call) == "sorted" for part in ast.walk(call)
            }
            for call in cell.calls:
                if id(call) in calm or not _lists(call, notebook):
                    continue
                if order_is_lost(cell.python or "", call.lineno, call):
                    continue
                if order_is_idle(call, _statement_of(call, cell), notebook):
                    continue
                yield Spotted(
                    cell=cell.index,
                    line=call.lineno,
                    message=f"takes files in the order of the file system (`{spelled(call)}`)",
                    edits=_sorted(call, cell, notebook),
                )


class SetsInOrder:
    """In files: an information, since neither the hash seed nor what the set holds can be seen there."""

    code = "RP208"
    severity: Severity = "info"
    remedy = "put `sorted(...)` around it, or start the kernel with a fixed hash seed: `%repro restart`"

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each place."""
        for cell in notebook.cells:
            for walk in set_walks(cell.python or "", {}):
                message = f"goes through a set in the set's own order (`{walk.text}`)"
                yield Spotted(cell=cell.index, line=walk.line, message=message)


def _lists(call: ast.Call, notebook: NotebookFile) -> bool:
    full = notebook.full(call.func)
    if full in _LISTINGS:
        return True
    method = isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
    return method and not full.startswith(("glob.", "os.")) and len(call.args) <= 1


def _statement_of(call: ast.Call, cell: CodeCell) -> ast.stmt:
    """Return the innermost statement in which a call stands."""
    around = (node for node in cell.nodes if isinstance(node, ast.stmt) and call in ast.walk(node))
    return max(around, key=lambda node: (node.lineno, node.col_offset))


def _sorted(call: ast.Call, cell: CodeCell, notebook: NotebookFile) -> tuple[Edit, ...]:
    """Return the edits that put ``sorted`` around a call where a list does as well."""
    full = notebook.full(call.func)
    if full in ("os.scandir", "os.walk") or call.end_lineno is None or call.end_col_offset is None:
        return ()
    if full not in _LISTS and not any(_takes_any(node, call) for node in cell.nodes):
        return ()
    written, python = cell.source.split("\n"), (cell.python or "").split("\n")
    first, last = call.lineno - 1, call.end_lineno - 1
    if written[first : last + 1] != python[first : last + 1]:
        return ()
    start = len(written[first].encode()[: call.col_offset].decode())
    end = len(written[last].encode()[: call.end_col_offset].decode())
    return Edit(first + 1, start, start, "sorted("), Edit(last + 1, end, end, ")")


def _takes_any(node: ast.AST, call: ast.Call) -> bool:
    """Whether a loop, a comprehension or ``list()`` goes through what the call gives."""
    if isinstance(node, (ast.For, ast.comprehension)):
        return node.iter is call
    return isinstance(node, ast.Call) and called_name(node) in _TAKE_ANY and node.args[:1] == [call]
