"""Digest of a file's bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["file_digest"]

_CHUNK = 1 << 20


def _ignore(_count: int) -> None:
    """Take no notice of progress."""


def file_digest(path: Path, *, told: Callable[[int], None] = _ignore) -> tuple[str, int]:
    """Return (SHA-256 in hex, size in bytes) of a regular file.

    A FIFO, socket or device is never read.

    Args:
        path: The file.
        told: Called with the number of bytes after each piece; what it raises ends the reading.

    Raises:
        OSError: The file is gone, not readable, not a regular file, or changed while it was read.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    before = os.fstat(handle)
    if not stat.S_ISREG(before.st_mode):
        os.close(handle)
        raise OSError(None, f"`{path}` is not a regular file")
    with os.fdopen(handle, "rb", buffering=0) as file:
        digest = hashlib.sha256()
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            told(len(chunk))
        after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OSError(None, f"`{path}` changed while it was read")
    return digest.hexdigest(), after.st_size
