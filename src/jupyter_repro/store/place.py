"""Where the journals of a notebook lie."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical.write import storage_failed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Place", "journal_folder", "record_folders"]

_NAME = ".jupyter_repro"


class Place(msgspec.Struct, frozen=True):
    """A folder that can be written, told as a sentence."""

    folder: Path
    sentence: str


def journal_folder(beside: Path, *, environ: Mapping[str, str] = os.environ) -> Place:
    """Return ``.jupyter_repro`` in the folder given, or one in the user's state folder if that is read-only.

    The folder is made, with a ``.gitignore`` that keeps it out of any commit.

    Raises:
        StorageFailed: Neither can be written.
    """
    near = beside / _NAME
    try:
        _prepare(near)
    except OSError as error:
        why = storage_failed(near, error).message
    else:
        return Place(near, f"recording to `{near}`")
    far = _state_folder(beside, environ)
    try:
        _prepare(far)
    except OSError as error:
        raise storage_failed(far, error) from error
    return Place(far, f"recording to `{far}` ({why})")


def record_folders(beside: Path, *, environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders in which :func:`journal_folder` would put things, whether they are there or not."""
    return beside / _NAME, _state_folder(beside, environ)


def _prepare(folder: Path) -> None:
    if folder.is_symlink():
        # a repository could send our files anywhere with it
        raise OSError(errno.ELOOP, "it is a symbolic link")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ignore = folder / ".gitignore"
    try:
        with ignore.open("xb") as out:
            out.write(b"*\n")
    except FileExistsError:
        pass
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _state_folder(beside: Path, environ: Mapping[str, str]) -> Path:
    state = environ.get("XDG_STATE_HOME", "")
    home = environ.get("HOME") or os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is no home
    base = Path(state) if state.startswith("/") else Path(home) / ".local" / "state"
    own = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return base / "jupyter_repro" / own
