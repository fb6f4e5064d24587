"""Where the notebook of a kernel is, and which cells it has, from the panel or the file, whichever is newer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadNotebook, NoNotebook
from jupyter_repro.records import Document

from .document import NotebookFile, document_from_runs, notebook_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records import CellId, CellRun

    from .panel_document import PanelDocument

__all__ = ["Whereabouts"]


class Whereabouts:
    """The notebook of one session.

    Args:
        shell: The interactive shell; VS Code tells the path among its names.
    """

    def __init__(self, shell: Any) -> None:
        self.panel: PanelDocument | None = None
        """The document as a front end tells it, if one is linked."""
        self._shell = shell
        self._file: NotebookFile | None = None
        self._told: Path | None = None
        self._began_in = _working_folder()

    def path(self) -> Path | None:
        """Return the path of the notebook, None where the front end does not tell it."""
        told = None if self.panel is None else self.panel.path
        return self.started_with() if told is None else told

    def started_with(self) -> Path | None:
        """Return the notebook as the kernel's start told it; it may have been renamed since."""
        if self._told is None:
            self._told = notebook_path(self._shell.user_ns)
        return self._told

    def surely(self) -> Path:
        """Return the path of the notebook.

        Raises:
            NoNotebook: The front end does not tell it.
        """
        path = self.path()
        if path is None:
            raise NoNotebook(
                "no notebook path is known for this kernel",
                remedy="export from a terminal: `jupyter repro export notebook.ipynb -o paper.repro.zip`",
            )
        return path

    def folder(self) -> Path:
        """Return the folder that relative paths mean: the notebook's, else the one that the session began in."""
        path = self.path()
        return self._began_in if path is None else path.parent

    def position(self, cell: CellId | None, *, without: int) -> int | None:
        """Return where the cell stands in the notebook; ``without`` a notebook it is where the caller says."""
        path = self.path()
        panel = self._panel_at(path)
        if panel is not None:
            return panel.position(cell)
        return without if path is None else self._file_at(path).position(cell)

    def document(self, runs: Sequence[CellRun]) -> Document:
        """Return the cells in document order.

        Args:
            runs: What has run, which is newer than a file that was saved before.
        """
        path = self.path()
        panel = self._panel_at(path)
        if panel is not None:
            return panel.document(runs)
        if path is None:
            return document_from_runs(runs)
        try:
            return self._file_at(path).document(runs)
        except BadNotebook as error:
            found = document_from_runs(runs)
            return Document(
                cells=found.cells, origin=found.origin, path=str(path), note=f"{error}; {found.note}"
            )

    def _panel_at(self, path: Path | None) -> PanelDocument | None:
        """Return what the panel tells of the document, if that is newer than the file."""
        file = None if path is None or self.panel is None else self._file_at(path)
        return self.panel if self.panel is not None and self.panel.counts_before(file) else None

    def _file_at(self, path: Path) -> NotebookFile:
        # the same object in nearly every cell; comparing paths takes longer than asking for the position
        if self._file is None or (self._file.path is not path and self._file.path != path):
            self._file = NotebookFile(path)
        return self._file


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is none
