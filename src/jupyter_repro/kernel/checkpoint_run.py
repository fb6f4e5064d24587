"""Which run saves a checkpoint, and what it stands on."""

from __future__ import annotations

import functools
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.checkpoints.saving import Surroundings
from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from jupyter_repro.checkpoints.saving import Saved
    from jupyter_repro.records import Missing
    from jupyter_repro.records.catalog import CodeRevision

    from .session import Session

__all__ = ["here", "note_saved", "surroundings"]


def surroundings(session: Session | None) -> Surroundings:
    """Return the run of the kernel, or of this program, with the environment that it began to save in."""
    folder = _working_folder()
    path = None if session is None else session.path()
    environment, code = _standing(folder if path is None else path.parent)
    return Surroundings(
        run=_program() if session is None else session.kernel_id,
        notebook="" if path is None else path.name,
        environment=environment,
        code=code,
        folder=folder,
    )


def here(session: Session | None) -> dict[str, Any]:
    """Return what a checkpoint's revision and data are compared with."""
    from jupyter_repro.checkpoints.saving import data_digest

    path = None if session is None else session.path()
    folder = _working_folder()
    return {"data": data_digest(folder), "code": _standing(folder if path is None else path.parent)[1]}


def note_saved(session: Session | None, saved: Saved) -> None:
    """Put a checkpoint on the record of the kernel's run."""
    if session is None:
        return
    base = session.folder()
    gone = {_told(path, base) for path in saved.removed} | {_told(saved.path, base)}
    session.checkpoints = [each for each in session.checkpoints if each.partition("@")[0] not in gone]
    session.checkpoints.append(f"{_told(saved.path, base)}@{saved.digest}")


def _told(path: Path, base: Path) -> str:
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.name  # where else it lies is nobody's business


@functools.lru_cache(maxsize=1)
def _program() -> str:
    return uuid.uuid4().hex[:12]


@functools.lru_cache(maxsize=4)
def _standing(folder: Path) -> tuple[tuple[str, bytes], CodeRevision | Missing]:
    """Look once: what runs was imported at the beginning, and half a second at each save would be too much."""
    from jupyter_repro.environments.now import environment_now
    from jupyter_repro.store.catalog.form import code_object, environment_object

    with unwatched():
        found = environment_now(folder)
        return environment_object(found), code_object(found.git)[0]


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()
