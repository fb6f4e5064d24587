"""Digests of files that have not changed since they were taken.

A file is taken to be the same if its size, times of modification and of status change, inode and device are. That is
false for a file that is changed twice within one tick of its clock, once before and once after it was read (git calls it
"racily clean"). So nothing is kept of a file that was modified shortly before it was read, by the clock of its own disk.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Signature", "StatCache"]

_TICK_NS = 2_000_000_000
"""The coarsest clock of a file system in use (FAT) ticks every two seconds."""
_OTHER_CLOCK_NS = 3600 * 1_000_000_000
"""A disk that is not the cache's may belong to another machine, whose clock differs."""
_MAKE = """
CREATE TABLE IF NOT EXISTS digest (
    path BLOB PRIMARY KEY, size INTEGER, mtime INTEGER, ctime INTEGER, inode TEXT, device TEXT, sha256 TEXT
) WITHOUT ROWID
"""
_GET = "SELECT sha256 FROM digest WHERE path=? AND size=? AND mtime=? AND ctime=? AND inode=? AND device=?"
_PUT = "INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?, ?, ?)"


class Signature(msgspec.Struct, frozen=True):
    """What changes with a file, short of its bytes."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, found: os.stat_result) -> Signature:
        """Take it from what ``stat`` tells."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)


class StatCache:
    """Keeps digests in one SQLite file; where that cannot be used, it keeps nothing.

    To be used in one thread; closing it, or leaving its ``with`` block, writes what is new.

    Args:
        path: The file; None keeps nothing.
        trust: Whether what is known is told; else every file is read, and what was found is kept for the next time.
    """

    def __init__(self, path: Path | None, *, trust: bool = True) -> None:
        self._trust = trust
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._device = -1
        self._now_ns = 0
        self._new: list[tuple[object, ...]] = []
        """Written at the end, so that no other process waits while files are read."""
        if path is not None:
            self._open(path)

    def get(self, path: str, signature: Signature) -> str | None:
        """Return the SHA-256 of the file at this absolute path, None if it is to be read."""
        if self._connection is None or not self._trust:
            return None
        try:
            row = self._connection.execute(_GET, _row(path, signature)).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        return row[0] if row else None

    def put(self, path: str, signature: Signature, sha256: str) -> None:
        """Keep a digest that was taken after this cache was opened, unless the file was too young to be sure."""
        if self._connection is not None and self._is_settled(signature):
            self._new.append((*_row(path, signature), sha256))

    def close(self) -> None:
        """Write what is new and end."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.executemany(_PUT, self._new)
                connection.commit()
            connection.close()
        self._new.clear()

    def __enter__(self) -> StatCache:  # noqa: PYI034 - `Self` needs typing_extensions at run time
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_settled(self, signature: Signature) -> bool:
        margin = _TICK_NS if signature.device == self._device else _OTHER_CLOCK_NS
        return max(signature.mtime_ns, signature.ctime_ns) + margin < self._now_ns

    def _open(self, path: Path) -> None:
        try:
            self._now_ns, self._device = _clock_of(path.parent)
        except OSError:
            return
        try:
            self._connection = _connected(path)
        except sqlite3.OperationalError:  # locked for long, or not writable
            return
        except sqlite3.DatabaseError:  # damaged: nothing is lost but time
            with contextlib.suppress(OSError, sqlite3.Error):
                path.unlink()
                self._connection = _connected(path)

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=2.0)
    try:
        connection.execute(_MAKE)
    except sqlite3.Error:
        connection.close()
        raise
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return connection


def _row(path: str, signature: Signature) -> tuple[object, ...]:
    # an inode or device may be larger than what SQLite takes as a number
    return (
        os.fsencode(path),
        signature.size,
        signature.mtime_ns,
        signature.ctime_ns,
        str(signature.inode),
        str(signature.device),
    )


def _clock_of(folder: Path) -> tuple[int, int]:
    """Return what time it is by the disk of a folder, the earlier of its clock and ours, and its device."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".jr-", suffix=".tmp") as probe:
        found = os.fstat(probe.fileno())
    return min(found.st_mtime_ns, time.time_ns()), found.st_dev
