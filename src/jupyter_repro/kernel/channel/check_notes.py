"""The checklist with its author's notes, which are kept beside the records of the notebook."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord, StorageFailed
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.store.check_notes import CheckNote, move_notes, read_notes, write_note

from .about_checklist import checklist
from .limits import capped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .panel import Panel
    from .replies import Checklist
    from .requests import Annotate

__all__ = ["annotated", "noted_checklist", "renamed"]


def noted_checklist(identity: str, panel: Panel) -> Checklist:
    """Return the checklist with what its author has noted.

    Raises:
        StorageFailed: There are notes, and they cannot be read.
    """
    session = panel.session
    path = session.path()
    with unwatched():
        notes = () if path is None else read_notes(path)
    made = checklist(identity, panel.status(), session.environment(), session.opening_drift())
    return _with_notes(made, notes)


def annotated(panel: Panel, request: Annotate) -> Checklist:
    """Keep a note, or take one away; return the checklist.

    Raises:
        NoNotebook: The notebook has no file that it could lie beside.
        BadWord: There is no such item.
        StorageFailed: It cannot be kept.
    """
    notebook = panel.session.notebook()
    made = noted_checklist(request.id, panel)
    title = next((item.title for item in made.items if item.key == request.key), None)
    if title is None:
        raise BadWord(f"the checklist has no item `{request.key}`", remedy="look at the checklist again")
    with unwatched():
        notes = write_note(notebook, CheckNote(key=request.key, title=title, text=request.text.strip()))
    return _with_notes(made, notes)


def renamed(before: Path, now: Path) -> None:
    """Take the notes along with a notebook that was renamed while it is open."""
    with (
        unwatched(),
        contextlib.suppress(StorageFailed),
    ):  # reading the checklist tells what is wrong with them
        move_notes(before, now)


def _with_notes(made: Checklist, notes: Iterable[CheckNote]) -> Checklist:
    texts = {each.key: capped(each.text, 1000) for each in notes}
    items = tuple(
        msgspec.structs.replace(item, note=texts.get(item.key, ""))
        if item.key in texts or item.note
        else item
        for item in made.items
    )
    return msgspec.structs.replace(made, items=items)
