"""``%repro checkpoint``: list, show and check checkpoints; save the user's objects into one, load them from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps
from jupyter_repro.errors import BadWord

from .checkpoint_run import here, note_saved, surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from .requests import Checkpoint
    from .session import Session

__all__ = ["about_checkpoints"]


def about_checkpoints(session: Session, request: Checkpoint, *, tell: Callable[[str], None]) -> None:
    """Do what a line asks for; relative paths mean the folder that cells work in.

    Raises:
        BadCheckpoint: It is damaged, was changed, or does not fit.
        BadWord: A name is not there.
    """
    if request.act == "save":
        _save(session, request, tell)
    elif request.act == "load":
        _load(session, request, tell)
    else:
        _look(request, tell)


def _look(request: Checkpoint, tell: Callable[[str], None]) -> None:
    from jupyter_repro.checkpoints.reading import find, read_manifest, refuse_faults
    from jupyter_repro.inputs.audit import unwatched
    from jupyter_repro.reports.checkpoint_text import (
        checked_line,
        checkpoint_text,
        checkpoints_text,
        listed_json,
    )

    path = Path(request.path)
    with unwatched():  # a look is no use of the file
        if request.act == "list":
            found = find(path)
            tell(dumps(listed_json(found), indent=2).decode() if request.json else checkpoints_text(found))
            return
        folder, manifest = read_manifest(path)
        if request.act == "show":
            tell(dumps(manifest, indent=2).decode() if request.json else checkpoint_text(path, manifest))
            return
        refuse_faults(path, folder, manifest)
        tell(f"repro: {checked_line(path, manifest)}")


def _save(session: Session, request: Checkpoint, tell: Callable[[str], None]) -> None:
    from jupyter_repro.checkpoints.saving import save

    given = {word: _value(session, word, name) for word, name in request.given}
    saved = save(request.path, given, given, surroundings(session))
    note_saved(session, saved)
    tell(f"repro: saved `{_short(saved.path)}` ({saved.digest[:12]})")


def _load(session: Session, request: Checkpoint, tell: Callable[[str], None]) -> None:
    from jupyter_repro.checkpoints.loading import load
    from jupyter_repro.reports.checkpoint_text import loaded_lines

    given = {word: _value(session, word, name) for word, name in request.given}
    loaded = load(request.path, given, around=here(session))
    tell("\n".join(loaded_lines(loaded, waits=given.get("loader") is not None)))


def _value(session: Session, word: str, name: str) -> Any:
    if word in ("step", "epoch") and name.isascii() and name.isdecimal():
        return int(name)
    first, *attributes = name.split(".")
    if first not in session.shell.user_ns:
        raise BadWord(f"`{word}={name}`: there is no `{first}` here", remedy="name one of your variables")
    value = session.shell.user_ns[first]
    for each in attributes:
        if not hasattr(value, each):
            raise BadWord(f"`{word}={name}`: it has no `{each}`", remedy="name one of your variables")
        value = getattr(value, each)
    return value


def _short(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
