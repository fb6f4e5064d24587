"""The document as the front end has it, edits that are not saved among it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.digest import source_digest
from jupyter_repro.records import Cell, CellId, Document

from .document import begun_after, with_unsaved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records import CellRun

    from .channel.requests import DocumentCell, DocumentChange
    from .document import NotebookFile

__all__ = ["PanelDocument", "UnknownCell", "place_of_notebook"]


class UnknownCell(Exception):
    """The order names a cell whose text was never sent."""


class PanelDocument:
    """What one front end has told of its document; asked by other threads than the one that tells.

    Args:
        known: The notebook as the kernel's start told it, if it did.
        folder: The folder that cells work in.
    """

    def __init__(self, known: Path | None, folder: Path) -> None:
        self._known = known
        self._folder = folder
        self._lock = threading.Lock()
        self._cells: dict[str, DocumentCell] = {}
        self._order: tuple[str, ...] = ()
        self._made: Document | None = None
        self._positions: dict[str, int] = {}
        self.path: Path | None = known
        """The notebook file."""
        self.told = 0.0
        """When it was told last, in seconds since 1970."""
        self.dirty = False
        """Whether the front end has changes that are not saved."""

    def change(self, told: DocumentChange, *, whole: bool = False) -> None:
        """Take what the front end tells.

        Args:
            told: All of the document, or what is another in it.
            whole: Forget what was told before.

        Raises:
            UnknownCell: The order names a cell that was never sent; nothing has been taken.
        """
        with self._lock:
            cells = {} if whole else dict(self._cells)
            cells.update((cell.id, cell) for cell in told.cells)
            order = self._order if told.order is None else told.order
            if told.order is None and whole:
                order = tuple(cell.id for cell in told.cells)
            for cell in order:
                if cell not in cells:
                    raise UnknownCell(cell)
            order = tuple(dict.fromkeys(order))
            if told.path is not None:
                self.path = place_of_notebook(told.path, self._known, self._folder)
            self._cells = {cell: cells[cell] for cell in order}
            self._order = order
            self.dirty = told.dirty
            self._made = None
            self.told = time.time()

    def document(self, runs: Sequence[CellRun]) -> Document:
        """Return the code cells; what ran after the front end told is newer."""
        with self._lock:
            made, told = self._made_now(), self.told
        newer = begun_after(told, runs)
        return with_unsaved(made, newer, runs)[0] if newer else made

    def position(self, cell: str | None) -> int | None:
        """Return where the cell stands among the code cells, None if it is not there."""
        with self._lock:
            self._made_now()
            return None if cell is None else self._positions.get(cell)

    def counts_before(self, file: NotebookFile | None) -> bool:
        """Tell whether this is newer than what is on disk: a page that was closed tells nothing more."""
        return bool(self._order) and (file is None or self.told >= file.saved())

    def _made_now(self) -> Document:
        if self._made is None:
            found: list[Cell] = []
            for name in self._order:
                told = self._cells[name]
                if told.type == "code" and told.source.strip():
                    found.append(
                        Cell(
                            id=CellId(name),
                            source=told.source,
                            digest=source_digest(told.source),
                            label=f"cell {len(found) + 1}",
                            tags=told.tags,
                        )
                    )
            path = None if self.path is None else str(self.path)
            self._made = Document(cells=tuple(found), origin="panel", path=path)
            self._positions = {cell.id: place for place, cell in enumerate(found)}
        return self._made


def place_of_notebook(told: str, known: Path | None, folder: Path) -> Path | None:
    """Return the file that a front end means by a path from the root of its server; None if it is not here.

    Args:
        told: Absolute, or from the server's root, which the kernel does not know; ``RTC:`` and the like before it.
        known: The notebook as the kernel's start told it: it may have been renamed since.
        folder: The folder that cells work in.
    """
    path = Path(told)
    if path.is_absolute():
        return path if path.is_file() else known
    parts = Path(told.partition(":")[2] if ":" in told.partition("/")[0] else told).parts
    if not parts or ".." in parts:
        return known
    if known is not None and known.parts[-len(parts) :] == parts:
        return known
    begin = folder if known is None else known.parent
    for root in (begin, *begin.parents):
        if (root.joinpath(*parts)).is_file():
            return root.joinpath(*parts)
    return known
