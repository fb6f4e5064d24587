"""The append-only journal of cell runs: one file for one kernel life.

A record is one ``write`` on an ``O_APPEND`` descriptor, so it survives ``kill -9``; against loss of power
the journal gives no promise, since it does not wait for the disk.
"""

from __future__ import annotations

import errno
import os
import re
import threading
import time
from typing import TYPE_CHECKING

from jupyter_repro.canonical.write import storage_failed
from jupyter_repro.secrets import known_values

from .alive import hold
from .held_write import HeldWrite
from .lines import Header, Lost, decode, encode
from .reading import JournalContent, newer_schema, read_journal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_repro.errors import StorageFailed
    from jupyter_repro.records import CellRun

__all__ = ["Journal", "JournalContent", "journal_path", "read_journal"]

_BACKLOG_BYTES = 8 << 20
"""Records kept in memory while the disk refuses them; older ones are counted as lost."""

LOOK_EVERY_S = 1.0
"""How often it is looked whether the file is still there; what went into a removed one is counted as lost."""

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def journal_path(folder: Path, kernel_id: str) -> Path:
    """Return the file that the kernel's journal has in the folder."""
    return folder / f"run-{re.sub(r'[^A-Za-z0-9_-]', '_', kernel_id)}.jsonl"


class Journal:
    """Appends cell runs; a child made by ``fork`` appends nothing.

    When the disk refuses, :meth:`append` raises once, keeps the records in memory, tries again with each
    further record, and writes all of them when it can.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.fault = ""
        """Why records do not reach the disk at the moment; empty when they do."""
        self._header = header
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._handle = -1
        self._torn = False
        """The file does not end in a newline: the next record begins with one."""
        self._looked = -LOOK_EVERY_S
        self._end = 0
        """How long the file is: asking costs more than all else on a slow disk."""
        self._kept = 0
        self._lost = 0
        self._backlog: list[bytes] = []
        self._put = HeldWrite()
        self._known = known_values()

    @classmethod
    def open(cls, folder: Path, *, kernel_id: str, header: Mapping[str, str] | None = None) -> Journal:
        """Open the journal of this kernel in an existing folder, and make it if it is new.

        Raises:
            StorageFailed: The file cannot be written, or a newer version wrote it.
        """
        facts = {str(key): str(value) for key, value in (header or {}).items()}
        journal = cls(journal_path(folder, kernel_id), Header(kernel=kernel_id, pid=os.getpid(), facts=facts))
        try:
            journal._connect()
        except OSError as error:
            journal.close()
            raise storage_failed(journal.path, error) from error
        return journal

    def append(self, run: CellRun) -> None:
        """Write one cell run; one with the order of an earlier record takes its place.

        Raises:
            StorageFailed: The disk refused, and did not at the append before. ``fault`` stays set until
                the record, and what waits before it, is written.
        """
        if os.getpid() != self._pid:
            return
        line = encode(run, self._known)
        with self._lock:
            self._backlog.append(line)
            try:
                self._flush()
            except OSError as error:
                failed = self._refused(error)
                if failed is not None:
                    raise failed from error
            else:
                self.fault = ""

    def close(self) -> None:
        """Write what waits, if the disk takes it, and let go of the file."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            if self._handle < 0:
                return
            self._looked = -LOOK_EVERY_S
            try:
                self._flush()
            except OSError as error:
                self._refused(error)
            os.close(self._handle)
            self._handle = -1
            self.fault = self.fault or "the journal is closed"

    # -- under the lock -----------------------------------------------------------------------------

    def _refused(self, error: OSError) -> StorageFailed | None:
        """Remember the reason; return what to raise if it is news."""
        while sum(map(len, self._backlog)) > _BACKLOG_BYTES:
            self._backlog.pop(0)
            self._lost += 1
        failed = storage_failed(self.path, error)
        news = not self.fault
        self.fault = failed.message
        return failed if news else None

    def _flush(self) -> None:
        if self._handle < 0:
            raise OSError(errno.EBADF, "the journal is closed")
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            if os.fstat(self._handle).st_nlink == 0:
                self._begin_again()
        if self._lost:
            self._write(encode(Lost(self._lost)))
            self._lost = 0
        while self._backlog:
            self._write(self._backlog[0])
            self._kept += 1
            self._backlog.pop(0)

    def _begin_again(self) -> None:
        """The file was removed under us: what it held is lost, and said to be."""
        self._lost += self._kept
        self._kept = 0
        os.close(self._handle)
        self._handle = -1
        self._connect()

    def _connect(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self.path, _FLAGS, 0o600)
        hold(self._handle)  # a file system without locks loses only that `prune` spares a living kernel
        size = self._end = os.lseek(self._handle, 0, os.SEEK_END)
        if size == 0:
            self._write(encode(self._header))
            return
        self._refuse_newer()
        os.lseek(self._handle, size - 1, os.SEEK_SET)
        self._torn = os.read(self._handle, 1) != b"\n"

    def _refuse_newer(self) -> None:
        with self.path.open("rb") as file:
            first = decode(file.readline().rstrip(b"\r\n"))
        if isinstance(first, int):
            raise newer_schema(self.path, first)

    def _write(self, line: bytes) -> None:
        """Write the line whole, or take back what was written of it."""
        data = b"\n" + line if self._torn else line
        start = self._end
        done = 0
        try:
            while done < len(data):
                done += self._put(self._handle, data[done:])
        except OSError:
            if done:
                self._take_back(start)
            raise
        self._end = start + len(data)
        self._torn = False

    def _take_back(self, size: int) -> None:
        try:
            os.ftruncate(self._handle, size)
        except OSError:
            self._torn = True
            self._end = os.lseek(self._handle, 0, os.SEEK_END)
