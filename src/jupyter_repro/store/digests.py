"""Where the digests of a project's files are kept between two looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import StorageFailed
from jupyter_repro.inputs.stat_cache import StatCache

from .place import journal_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["cache_beside"]

_NAME = "digests.sqlite3"


def cache_beside(folder: Path, *, trust: bool = True) -> StatCache:
    """Return the cache of the project in a folder; where nothing can be written, one that keeps nothing.

    Args:
        folder: The project's folder.
        trust: As for :class:`StatCache`.
    """
    try:
        return StatCache(journal_folder(folder).folder / _NAME, trust=trust)
    except StorageFailed:
        return StatCache(None)
