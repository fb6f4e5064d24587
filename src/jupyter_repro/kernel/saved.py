"""Whether the notebook file holds what ran, and what is displayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import document_from_file

if TYPE_CHECKING:
    from pathlib import Path

    from .session import Session

__all__ = ["few", "shown_later", "unsaved"]


def unsaved(session: Session, notebook: Path) -> list[str]:
    """Return the cells whose sources the file does not hold as they ran, but for those that run now."""
    saved = {cell.id: cell for cell in document_from_file(notebook).cells}
    running = session.running_cells()
    return [
        cell.label
        for cell in session.document().cells
        if cell.id not in running and (cell.id not in saved or saved[cell.id].digest != cell.digest)
    ]


def shown_later(session: Session, notebook: Path) -> list[str]:
    """Return the cells that have run since the file was written: it holds other outputs than the screen."""
    written = notebook.stat().st_mtime
    running, runs = session.running_cells(), session.ledger.runs.by_cell
    return [
        cell.label
        for cell in session.document().cells
        if cell.id not in running
        and any(run.started + run.duration_s > written for run in runs.get(cell.id, ())[-1:])
    ]


def few(labels: list[str]) -> str:
    """Name the first cells."""
    return ", ".join(labels[:4])
