"""Which cells the document has, in which order, from the notebook file or the order of first runs.

The file is read as plain JSON: nbformat's import alone costs more than a cell may.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadNotebook
from jupyter_repro.records import Cell, CellId, Document
from jupyter_repro.replay.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_repro.records import CellRun

__all__ = [
    "NotebookFile",
    "begun_after",
    "document_from_file",
    "document_from_node",
    "document_from_runs",
    "notebook_path",
    "with_unsaved",
]


def notebook_path(namespace: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Path | None:
    """Return the notebook of this kernel, as the front end tells it, or None.

    JupyterLab's server sets ``JPY_SESSION_NAME``, VS Code puts ``__vsc_ipynb_file__`` into the namespace.
    """
    environ = os.environ if environ is None else environ
    for told in (environ.get("JPY_SESSION_NAME"), namespace.get("__vsc_ipynb_file__")):
        if isinstance(told, str) and told.endswith(".ipynb"):
            path = Path(told)
            if path.is_file():
                return path.resolve()
    return None


def document_from_node(node: Any, *, path: str | None = None, origin: str = "given") -> Document:
    """Return the code cells of a notebook given as nested dicts (an nbformat 4 node).

    Cells without an id get one from their position and source, the same at each read.

    Raises:
        BadNotebook: The node has no list of cells, or a cell no source.
    """
    where = f"`{path}`" if path else "the notebook given"
    cells = node.get("cells") if isinstance(node, dict) else None
    if not isinstance(cells, list):
        raise BadNotebook(f"{where} is not a notebook: it has no list of cells", remedy="give a .ipynb file")
    found: list[Cell] = []
    taken: set[str] = set()
    for position, raw in enumerate(cells):
        source = raw.get("source") if isinstance(raw, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise BadNotebook(
                f"cell {position} of {where} has no source", remedy="open and save it in JupyterLab"
            )
        if raw.get("cell_type") != "code":
            continue
        digest = source_digest(source)
        told = raw.get("id")
        name = told if isinstance(told, str) and told and told not in taken else f"at-{position}-{digest[:8]}"
        taken.add(name)
        if source.strip():
            tags = raw.get("metadata", {}).get("tags", ()) if isinstance(raw.get("metadata"), dict) else ()
            found.append(
                Cell(
                    id=CellId(name),
                    source=source,
                    digest=digest,
                    label=f"cell {len(found) + 1}",
                    tags=tuple(tag for tag in tags if isinstance(tag, str)),
                )
            )
    return Document(cells=tuple(found), origin="file" if origin == "file" else "given", path=path)


def document_from_file(path: Path, *, origin: str = "file") -> Document:
    """Return the code cells of a notebook file.

    Raises:
        BadNotebook: The file cannot be read, is not JSON, or is not a notebook.
    """
    try:
        node = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadNotebook(f"cannot read `{path}`: {reason}", remedy="check the path") from error
    except (ValueError, RecursionError) as error:
        reason = "it has merge conflict markers" if _has_markers(path) else "it is not JSON"
        raise BadNotebook(
            f"`{path}` is not a notebook: {reason}", remedy="restore or re-save the file"
        ) from error
    if isinstance(node, dict) and isinstance(node.get("nbformat"), int) and node["nbformat"] < 4:  # noqa: PLR2004 - format 4
        node = _upgraded(path, node)
    return document_from_node(node, path=str(path), origin=origin)


def _has_markers(path: Path) -> bool:
    return b"\n<<<<<<< " in b"\n" + path.read_bytes()


def _upgraded(path: Path, node: dict[str, Any]) -> dict[str, Any]:
    import nbformat

    try:
        upgraded: dict[str, Any] = nbformat.convert(
            nbformat.reads(json.dumps(node), as_version=nbformat.NO_CONVERT), 4
        )
    except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
        raise BadNotebook(
            f"`{path}` is in an old notebook format that cannot be upgraded",
            remedy="open and save it in JupyterLab",
        ) from error
    return upgraded


def document_from_runs(runs: Sequence[CellRun]) -> Document:
    """Return the cells that ran, in the order of their first run, with the source of their last.

    Where the front end sends no cell ids (a terminal), each different source is a cell.
    """
    cells = tuple(
        Cell(id=CellId(key), source=run.source, digest=run.digest, label=f"cell {position}")
        for position, (key, run) in enumerate(Runs.of(runs).latest.items(), start=1)
        if run.source.strip()
    )
    note = "no notebook file is known: cells are taken in the order of their first run"
    return Document(cells=cells, origin="first run order", note=note)


_LOOK_EVERY_S = 0.2


class NotebookFile:
    """The notebook on disk, read again only when it changed, joined with what ran since it was saved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int] | None = None
        self._saved_s = 0.0
        self._looked = -_LOOK_EVERY_S
        self._saved: Document | None = None
        self._positions: dict[CellId, int] = {}

    def position(self, cell: CellId | None) -> int | None:
        """Return where the cell stands in the file, None if it is not there; of a file that is damaged now, stood.

        The file is looked at again when nobody has for a fifth of a second: asking the disk lets other threads in,
        which costs a short cell more than all else.
        """
        if time.monotonic() - self._looked > _LOOK_EVERY_S:
            with contextlib.suppress(BadNotebook):
                self._read()
        return self._positions.get(cell) if cell is not None else None

    def document(self, runs: Sequence[CellRun]) -> Document:
        """Return the cells of the file; what ran after the last save is newer than the file.

        Raises:
            BadNotebook: The file cannot be read as a notebook.
        """
        saved = self._read()
        newer = begun_after(self._saved_s, runs)
        if not newer:
            return saved
        found, unsaved = with_unsaved(saved, newer, runs)
        if not unsaved:
            return saved
        number = "1 unsaved cell is" if unsaved == 1 else f"{unsaved} unsaved cells are"
        note = f"{number} taken as run, a new one after the cell that ran before it: save the notebook"
        return msgspec.structs.replace(found, note=note)

    def saved(self) -> float:
        """Return when the file was saved, in seconds since 1970; negative where it cannot be read."""
        if self._saved is None or time.monotonic() - self._looked > _LOOK_EVERY_S:
            try:
                self._read()
            except BadNotebook:
                return -1.0
        return self._saved_s

    def _read(self) -> Document:
        """Return what the file says, read again if it has changed."""
        self._looked = time.monotonic()
        try:
            stat = os.stat(self.path)  # noqa: PTH116 - this runs in every cell
        except OSError as error:
            raise BadNotebook(
                f"cannot read `{self.path}`: {error.strerror}", remedy="save the notebook"
            ) from error
        stamp = (stat.st_mtime_ns, stat.st_size)
        if self._saved is None or stamp != self._stamp:
            self._saved, self._stamp, self._saved_s = document_from_file(self.path), stamp, stat.st_mtime
            self._positions = {cell.id: index for index, cell in enumerate(self._saved.cells)}
        return self._saved


def begun_after(moment_s: float, runs: Sequence[CellRun]) -> list[CellRun]:
    """Return the runs of cells that began after a moment, in the order they ended, which is that of the record."""
    found = []
    for run in reversed(runs):
        if run.started + run.duration_s <= moment_s:
            break
        if run.started > moment_s and run.cell is not None and run.parent is None:
            found.append(run)
    return found[::-1]


def with_unsaved(saved: Document, newer: Sequence[CellRun], runs: Sequence[CellRun]) -> tuple[Document, int]:
    """Put sources that ran since in place of those of a document, and new cells after their neighbour.

    Returns:
        The document, and how many of its cells are others.
    """
    latest = {run.cell: run for run in newer if run.ended != "not compiled" and run.source.strip()}
    cells = [
        _cell(latest[cell.id], cell.tags)
        if cell.id in latest and latest[cell.id].digest != cell.digest
        else cell
        for cell in saved.cells
    ]
    unsaved = sum(cell is not was for cell, was in zip(cells, saved.cells, strict=True))
    known = {cell.id for cell in cells}
    for run in (run for run in latest.values() if run.cell not in known):
        before = next((r.cell for r in reversed(runs) if r.order < run.order and r.parent is None), None)
        after = next((i + 1 for i, cell in enumerate(cells) if cell.id == before), len(cells))
        cells.insert(after, _cell(run, ()))
        unsaved += 1
    if not unsaved:
        return saved, 0
    labelled = tuple(
        Cell(id=c.id, source=c.source, digest=c.digest, label=f"cell {n}", tags=c.tags)
        for n, c in enumerate(cells, start=1)
    )
    return Document(cells=labelled, origin=saved.origin, path=saved.path), unsaved


def _cell(run: CellRun, tags: tuple[str, ...]) -> Cell:
    return Cell(id=run.cell or CellId(""), source=run.source, digest=run.digest, label="", tags=tags)
