"""Files taken in the order in which the file system lists them."""

from __future__ import annotations

import ast
import functools
import linecache
import sys
from typing import TYPE_CHECKING

from jupyter_repro.frames import asked_by, place_of

from .calls import called_name, gone_through, spelled
from .process import PROCESS, ProcessGuards

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


__all__ = ["ListingWatch", "order_is_lost"]

_LISTING = frozenset(("fnmatch", "fwalk", "genericpath", "glob", "ntpath", "os", "pathlib", "posixpath"))
_ORDERLESS = frozenset(
    ("Counter", "all", "any", "bool", "frozenset", "len", "max", "min", "natsorted", "set", "sorted", "sum")
)
"""What comes of them does not hang on the order of what they are given; or they put it in order."""


class ListingWatch:
    """Takes the facts of an audit hook, and notes each listing whose order reaches the user's results."""

    def __init__(self, process: ProcessGuards = PROCESS) -> None:
        self._process = process

    def note(self, fact: tuple[str, str]) -> None:
        """Take one fact; anything but a listing is passed over."""
        if fact[0] != "listed":
            return
        site = asked_by(sys._getframe(1), through=_LISTING)  # noqa: SLF001 - the only way to see who asks
        if site is None or site.via:
            return
        call = gone_through(site.frame)
        if call is None or order_is_lost(_source_of(site.frame), site.frame.f_lineno, call):
            return
        self._process.note("unsorted listing", spelled(call), place_of(site))

    def missed(self) -> None:
        """An event that could not be read is told by the watch over files."""


def order_is_lost(source: str, line: int, call: ast.expr) -> bool:
    """Whether nothing can hang on the order of a listing, by the source around it.

    Args:
        source: The cell or file.
        line: Where the call stands.
        call: What Python is in the midst of: the listing, or what consumes it.
    """
    if isinstance(call, ast.Call) and called_name(call) in _ORDERLESS:
        return True
    parents = _parents(source)
    if parents is None:
        return False
    wanted = ast.dump(call)
    there = [
        node
        for node in parents
        if isinstance(node, type(call))
        and node.lineno <= line <= (node.end_lineno or line)
        and ast.dump(node) == wanted
    ]
    return bool(there) and all(_is_lost(node, parents) for node in there)


def _is_lost(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while node in parents:
        above = parents[node]
        if isinstance(above, ast.Call) and called_name(above) in _ORDERLESS:
            return True
        if isinstance(above, ast.SetComp) or (isinstance(above, ast.Compare) and node in above.comparators):
            return True
        if isinstance(above, (ast.For, ast.AsyncFor)) and node is above.iter:
            return _sorts(above)
        if isinstance(above, ast.Assign):
            names = {target.id for target in above.targets if isinstance(target, ast.Name)}
            return any(_puts_in_order(each, names) for each in parents)
        if isinstance(above, ast.stmt):
            return False
        node = above
    return False


def _sorts(loop: ast.AST) -> bool:
    """Whether the body of a loop sorts what it is given, as ``os.walk`` lets it."""
    return any(
        isinstance(node, ast.Call) and called_name(node) in ("sort", "sorted") for node in ast.walk(loop)
    )


def _puts_in_order(node: ast.AST, names: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if called_name(node) == "sort" and isinstance(node.func, ast.Attribute):
        return isinstance(node.func.value, ast.Name) and node.func.value.id in names
    return called_name(node) == "sorted" and any(isinstance(a, ast.Name) and a.id in names for a in node.args)


@functools.lru_cache(maxsize=64)
def _parents(source: str) -> dict[ast.AST, ast.AST] | None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return dict(_pairs(tree))


def _pairs(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            yield child, node


def _source_of(frame: FrameType) -> str:
    return "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
