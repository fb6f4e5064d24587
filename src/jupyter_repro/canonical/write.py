"""A file is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from jupyter_repro.errors import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["replacing", "storage_failed", "sync_folder", "umask", "write_atomic"]

_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space, then run it again"),
    errno.EDQUOT: ("the disk quota is used up", "free some space, then run it again"),
    errno.EROFS: ("the folder is read-only", "choose a folder you can write to"),
    errno.EACCES: ("you may not write there", "choose a folder you can write to"),
    errno.EPERM: ("you may not write there", "choose a folder you can write to"),
    errno.ENOENT: ("the folder does not exist", "make the folder, or choose another"),
    errno.ENOTDIR: ("its parent is not a folder", "choose another path"),
    errno.EISDIR: ("a folder has that name", "choose another name"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}


def storage_failed(path: Path, error: OSError) -> StorageFailed:
    """Say in one line why ``path`` could not be written."""
    reason, remedy = _REASONS.get(error.errno or 0, (error.strerror or str(error), "choose another path"))
    return StorageFailed(f"cannot write `{path}`: {reason}", remedy=remedy)


@contextlib.contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Give a file to write; it becomes ``path`` only if the block ends well.

    The old file stays whole until then: temp file in the same folder, fsync,
    rename, fsync of the folder.

    Args:
        path: The file.
        private: Only its owner may read it.

    Raises:
        StorageFailed: The disk is full, the folder read-only, and the like.
    """
    temp: Path | None = None
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, name = tempfile.mkstemp(prefix=".jr-", suffix=".tmp", dir=path.parent)
        temp = Path(name)
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temp.chmod(0o600 if private else 0o666 & ~umask())
        temp.replace(path)
        temp = None
        sync_folder(path.parent)
    except OSError as error:
        raise storage_failed(path, error) from error
    finally:
        if temp is not None:
            temp.unlink(missing_ok=True)


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` to ``path``, whole or not at all.

    Args:
        path: The file.
        data: All of it.
        private: Only its owner may read it.

    Raises:
        StorageFailed: As :func:`replacing`.
    """
    with replacing(path, private=private) as out:
        out.write(data)


def umask() -> int:
    """Return what the user takes from the permissions of new files."""
    current = os.umask(0o077)
    os.umask(current)
    return current


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
