"""A notebook file as rules read it: its code cells with their Python, outputs and names."""

from __future__ import annotations

import ast
import functools
import json
import warnings
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadNotebook
from jupyter_repro.replay.ipython_lines import as_python
from jupyter_repro.replay.names import Names, analyse

from .python_of import python_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["CodeCell", "NotPython", "NotebookFile", "read_notebook_file"]

_MAJOR = 4


class NotPython(Exception):
    """The notebook is of another language; the argument says which."""


class CodeCell:
    """One code cell.

    Args:
        index: Its place among all cells of the file.
        number: Its number among the code cells, from 1, as findings name it.
        node: The cell as JSON.
    """

    def __init__(self, index: int, number: int, node: dict[str, Any]) -> None:
        self.index = index
        self.label = f"cell {number}"
        self.id = str(node.get("id") or "")
        self.source = _joined(node.get("source"))
        self.outputs = [each for each in node.get("outputs") or () if isinstance(each, dict)]
        self.count = node.get("execution_count")
        metadata = node.get("metadata")
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        self.tags = frozenset(map(str, tags)) if isinstance(tags, list) else frozenset()

    @functools.cached_property
    def python(self) -> str | None:
        """Its Python, line for line, magics as calls; None if a magic gives it to something else."""
        return python_of(self.source)

    @functools.cached_property
    def parsed(self) -> ast.Module | SyntaxError | None:
        """Its syntax tree, why it has none, or None if it is not Python."""
        if self.python is None:
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.python)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError) as error:
            return SyntaxError(str(error) or type(error).__name__)

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree, empty if it has none."""
        return self.parsed if isinstance(self.parsed, ast.Module) else _EMPTY

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """All nodes of the tree."""
        return ast.walk(self.tree)

    @functools.cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """All calls, in the order of the source."""
        found = (node for node in self.nodes if isinstance(node, ast.Call))
        return tuple(sorted(found, key=lambda call: (call.lineno, call.col_offset)))

    @functools.cached_property
    def names(self) -> Names:
        """What the source reads and binds."""
        return analyse(as_python(self.source))

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing but comments."""
        return not any(line.strip() and not line.lstrip().startswith("#") for line in self.source.split("\n"))


class NotebookFile:
    """A notebook as it lies on disk.

    Args:
        path: The file, as the user named it.
        text: What it holds.
        node: The same as JSON.
        given: Names that are there without a cell that makes them.
    """

    def __init__(
        self, path: Path, text: str, node: dict[str, Any], *, given: frozenset[str] = frozenset()
    ) -> None:
        self.path = path
        self.given = given
        self.text = text
        self.node = node
        self.cells: list[CodeCell] = []
        for index, cell in enumerate(node["cells"]):
            if cell.get("cell_type") == "code":
                self.cells.append(CodeCell(index, len(self.cells) + 1, cell))

    @functools.cached_property
    def full_names(self) -> dict[str, str]:
        """Names that imports bind anywhere in the notebook, each with what it stands for."""
        return {name: full for cell in self.cells for name, full in sorted(cell.names.imports)}

    def full(self, function: ast.expr) -> str:
        """Return the full name of what is called: ``numpy.random.rand`` for ``np.random.rand``; else empty."""
        parts: list[str] = []
        while isinstance(function, ast.Attribute):
            parts.append(function.attr)
            function = function.value
        if not isinstance(function, ast.Name):
            return ""
        return ".".join([self.full_names.get(function.id, function.id), *reversed(parts)])


_EMPTY = ast.Module(body=[], type_ignores=[])


def read_notebook_file(path: Path, *, given: frozenset[str] = frozenset()) -> NotebookFile:
    """Read a notebook of Python.

    Args:
        path: The file.
        given: Names that are there without a cell that makes them.

    Raises:
        BadNotebook: It cannot be read, or is no notebook of format 4.
        NotPython: It is of another language.
    """
    raw = _bytes_of(path)
    try:
        text = raw.decode("utf-8")
        node = json.loads(text)
    except (ValueError, RecursionError) as error:
        why = "it holds the marks of a merge conflict" if b"\n<<<<<<< " in raw else str(error)
        raise BadNotebook(f"`{path}` is not JSON: {why}", remedy="restore it from version control") from None
    _check_shape(path, node)
    language = _language(node)
    if language not in ("", "python"):
        raise NotPython(f"its language is {language}")
    return NotebookFile(path, text, node, given=given)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadNotebook(f"`{path}` cannot be read: {error.strerror}", remedy="check the path") from None


def _check_shape(path: Path, node: Any) -> None:
    if not isinstance(node, dict) or "nbformat" not in node:
        raise BadNotebook(f"`{path}` is not a notebook", remedy="name a file that Jupyter has written")
    if node["nbformat"] != _MAJOR:
        raise BadNotebook(
            f"`{path}` is of format {node['nbformat']}, and only format {_MAJOR} is read",
            remedy="open and save it in Jupyter, or `jupyter nbconvert --to notebook`",
        )
    cells = node.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise BadNotebook(f"`{path}` has no list of cells", remedy="restore it from version control")
    for number, cell in enumerate(cells, 1):
        source = cell.get("source", "")
        if not isinstance(source, str) and not (
            isinstance(source, list) and all(isinstance(line, str) for line in source)
        ):
            raise BadNotebook(
                f"the source of cell {number} of `{path}` is no text",
                remedy="restore it from version control",
            )


def _language(node: dict[str, Any]) -> str:
    """Return what the kernel or the notebook says of its language, in lower case; empty if nothing does."""
    metadata = node.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for holder, key in (("kernelspec", "language"), ("language_info", "name")):
        said = metadata.get(holder)
        if isinstance(said, dict) and isinstance(said.get(key), str) and said[key]:
            return str(said[key]).lower()
    return ""


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")
