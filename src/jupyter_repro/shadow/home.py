"""The private copy of a project in which a run in the shadow works, and what keeps it from writing elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import RunFailed, TooMuch
from jupyter_repro.inputs.root import git_root

from .guard import WRITABLE_ENV
from .landlock import write_only_below
from .working_tree import copy_working_tree

if TYPE_CHECKING:
    from .working_tree import Copied

__all__ = ["LOCKED", "at_home", "copy_project", "hold_back"]

_DEVICES = Path("/dev")
_GUARDED = (
    "a guard in Python kept cells from writing outside a copy of the project; what C libraries and programs write was not held "
    "back (this system has no Landlock)"
)
LOCKED = "Landlock kept cells and all that they started from writing outside a copy of the project"


def hold_back(folder: Path, allowed: tuple[str, ...]) -> str:
    """Give up writing elsewhere, as far as the system can; return how far that is."""
    free = folder / "tmp"
    free.mkdir()
    os.environ["TMPDIR"] = str(free)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    writable = [folder, *(Path(each).expanduser() for each in allowed)]
    for each in writable:
        if not each.exists():
            raise RunFailed(f"`{each}` does not exist", remedy="allow a folder that exists")
    if _DEVICES.is_dir():
        writable.append(_DEVICES)
    os.environ[WRITABLE_ENV] = os.pathsep.join(map(str, writable))
    try:
        write_only_below(writable)
    except OSError:
        return _GUARDED
    return LOCKED


def copy_project(notebook: Path, home: Path, *, links: bool) -> Copied:
    """Copy the project; where that is too much, the folder of the notebook."""
    folder = notebook.parent
    root = git_root(folder) or folder
    try:
        return copy_working_tree(root, home, links=links)
    except TooMuch:
        if root == folder:
            raise
        return copy_working_tree(folder, home, links=links)


def at_home(value: Any, prefix: str) -> Any:
    """Spell paths in what cells show as they are in the project."""
    if isinstance(value, str):
        return value.replace(prefix, "")
    if isinstance(value, dict):
        return {key: at_home(each, prefix) for key, each in value.items()}
    if isinstance(value, list):
        return [at_home(each, prefix) for each in value]
    return value
