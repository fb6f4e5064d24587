"""What is at a path, as one digest."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from jupyter_repro.digest import file_digest
from jupyter_repro.records import ABSENT

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["FOLDER", "digest_at", "known_without_bytes"]

FOLDER = "folder"
"""The digest of any folder: that it is there; what is in it are resources of their own."""

_LOOK_INSIDE_BYTES = 4 << 20
"""Larger files are known by size and time of change: hashing them would hold up the cell."""


def known_without_bytes(path: Path) -> str | None:
    """Return what stands for the digest of a file that is too large to be read at each cell."""
    try:
        return _without_bytes(path.stat())
    except (OSError, ValueError):
        return None


def _without_bytes(found: os.stat_result) -> str:
    return f"size {found.st_size}, changed {found.st_mtime_ns}"


def digest_at(path: Path) -> str | None:
    """Return a digest of what is there now, ABSENT if there is nothing, None if it cannot be read."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            return FOLDER
        if found.st_size > _LOOK_INSIDE_BYTES:
            return _without_bytes(found)
        return file_digest(path)[0]
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except (OSError, ValueError):
        return None
