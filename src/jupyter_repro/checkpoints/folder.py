"""A folder that is there whole or not at all, also where the process is killed while it writes."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.canonical.write import storage_failed, sync_folder, umask
from jupyter_repro.errors import StorageFailed
from jupyter_repro.inputs.audit import is_unwatched, tell, unwatched

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MANIFEST", "appearing", "is_ours", "left_behind", "remove_folder", "whole"]

MANIFEST = "manifest.json"

_MARK = ".jr-"
_SAVING, _PREVIOUS, _REMOVING = f"{_MARK}saving-", f"{_MARK}previous-", f"{_MARK}removing-"


@contextlib.contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it becomes ``target`` only if the block ends well.

    An older checkpoint at that place stays whole until then. What a killed process has left is removed.

    Raises:
        StorageFailed: The disk is full, the place is taken by something else, and the like.
    """
    made: Path | None = None
    try:
        with unwatched():
            target.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(target) and not is_ours(target):
                raise StorageFailed(
                    f"`{target}` is there and is no checkpoint", remedy="choose another path, or remove it"
                )
            _sweep(target.parent)
            owner = f"{socket.gethostname()}-{os.getpid()}-"
            made = Path(tempfile.mkdtemp(prefix=f"{_SAVING}{owner}", dir=target.parent))
            made.chmod(0o777 & ~umask())
        yield made
        with unwatched():
            files = _sync(made)
            _put(made, target)
            made = None
    except OSError as error:
        raise storage_failed(target, error) from error
    finally:
        if made is not None:
            with unwatched():
                shutil.rmtree(made, ignore_errors=True)
    for name in () if is_unwatched() else files:
        tell(("written", str(target / name)))


def whole(path: Path) -> Path:
    """Return where a checkpoint lies: the folder, or the older one where a process was killed between the two."""
    if not os.path.lexists(path):
        previous = path.parent / f"{_PREVIOUS}{path.name}"
        if is_ours(previous):
            return previous
    return path


def left_behind(parent: Path, name: str) -> Path | None:
    """Return the checkpoint that a folder is the older state of, if the newer one never came."""
    target = parent / name.removeprefix(_PREVIOUS)
    return target if name.startswith(_PREVIOUS) and whole(target) != target else None


def is_ours(path: Path) -> bool:
    """Whether a folder looks like a checkpoint."""
    try:
        with unwatched(), (path / MANIFEST).open("rb") as file:
            return b'"jupyter_repro.checkpoint"' in file.read()
    except OSError:
        return False


def remove_folder(path: Path) -> None:
    """Remove a checkpoint; half of one is never taken for a whole one."""
    with unwatched():
        away = path.parent / f"{_REMOVING}{path.name}"
        shutil.rmtree(away, ignore_errors=True)
        path.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def _put(made: Path, target: Path) -> None:
    previous = target.parent / f"{_PREVIOUS}{target.name}"
    if os.path.lexists(target):
        shutil.rmtree(previous, ignore_errors=True)
        target.rename(previous)
    made.rename(target)
    sync_folder(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def _sync(folder: Path) -> tuple[str, ...]:
    """Wait until all files and names are on the disk; return the files."""
    names = []
    for here, _, files in os.walk(folder):
        for name in files:
            path = Path(here, name)
            names.append(str(path.relative_to(folder)))
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            path.chmod(0o666 & ~umask())  # safetensors lets its owner alone read
        sync_folder(Path(here))
    return tuple(sorted(names))


def _sweep(parent: Path) -> None:
    """Remove what processes of this machine have left that live no more."""
    for path in tuple(parent.iterdir()):
        name = path.name
        if name.startswith(_REMOVING):
            shutil.rmtree(path, ignore_errors=True)
        elif name.startswith(_SAVING):
            host, _, rest = name[len(_SAVING) :].rpartition("-")[0].rpartition("-")
            if host == socket.gethostname() and rest.isdecimal() and not _lives(int(rest)):
                shutil.rmtree(path, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno != errno.ESRCH
    return True
