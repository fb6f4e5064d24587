"""Watching a running command from outside: time, memory, disk. What goes past a limit is killed with all it started.

Limits of the system hold for one process, and a cell can start many; what is watched here holds for all of them
together.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence

__all__ = ["Ceiling", "Watch", "descendants", "memory_is_seen", "memory_of", "total_memory"]

_EVERY_S = 0.5
_RARER = 20
"""A look at the disk may take a twentieth of the time."""
_RESERVE = 256 << 20
"""Bytes of the disk that stay free."""
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclasses.dataclass(frozen=True)
class Ceiling:
    """What all processes of a run may use together; None sets no limit."""

    seconds: float | None = None
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    files: int | None = None


class Watch:
    """Watches a process while the ``with`` block lasts.

    Args:
        process: What has been started, in a session of its own.
        folders: Where it can write.
        ceiling: What it may use.
    """

    def __init__(self, process: subprocess.Popen[bytes], folders: Sequence[Path], ceiling: Ceiling) -> None:
        self._process, self._folders, self._ceiling = process, tuple(folders), ceiling
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._started = time.monotonic()
        self._before = _usage(self._folders)
        self._free = {folder: _free(folder) for folder in self._folders}
        self._next_look = 0.0
        self.reached: str | None = None
        """Which limit ended it, and the option that gives more: ``sentence; remedy``."""

    def __enter__(self) -> Watch:  # noqa: PYI034 - Self needs Python 3.11 or another package
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(_EVERY_S) and self._process.poll() is None:
            self.reached = self._over_time() or self._over_memory() or self._over_disk()
            if self.reached:
                kill_all(self._process)
                return

    def _over_time(self) -> str | None:
        most = self._ceiling.seconds
        if most is None or time.monotonic() - self._started <= most:
            return None
        return f"the run took more than {most:g} s; give it more with --timeout"

    def _over_memory(self) -> str | None:
        most = self._ceiling.memory_bytes
        if most is None or memory_of(self._process.pid, most) <= most:
            return None
        return f"the notebook's processes took more than {_size(most)} of memory; give it more with --memory-limit"

    def _over_disk(self) -> str | None:
        now = time.monotonic()
        if now < self._next_look:
            return None
        size, files = (
            after - before for after, before in zip(_usage(self._folders), self._before, strict=True)
        )
        self._next_look = now + _RARER * (time.monotonic() - now)
        if self._ceiling.disk_bytes is not None and size > self._ceiling.disk_bytes:
            return f"the notebook wrote more than {_size(self._ceiling.disk_bytes)}; give it more with --disk-limit"
        if self._ceiling.files is not None and files > self._ceiling.files:
            return f"the notebook made more than {self._ceiling.files} files; look at the cell where it ended"
        if any(_free(folder) < _RESERVE < before // 2 for folder, before in self._free.items()):
            return (
                "the notebook has nearly filled the disk; free some space, or name another folder with --keep"
            )
        return None


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it has started; those that left its tree are out of reach without a sandbox."""
    for pid in [*descendants(process.pid), process.pid]:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.kill()


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and theirs; none where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found, todo = [], [pid]
    while todo:
        new = children.get(todo.pop(), [])
        found += new
        todo += new
    return found


def memory_of(pid: int, most: int) -> int:
    """Return the bytes of memory that a process and its descendants hold; pages that they share count once if it matters."""
    pids = [pid, *descendants(pid)]
    rough = sum(_resident(each) for each in pids)
    return rough if rough <= most else sum(_proportional(each) for each in pids)


def memory_is_seen() -> bool:
    """Return whether this system tells what memory a process holds."""
    return Path("/proc/self/statm").is_file()


def total_memory() -> int | None:
    """Return the bytes of memory that this machine, or the container we are in, may use; None if unknown."""
    found = []
    with contextlib.suppress(OSError, ValueError, AttributeError):
        found.append(os.sysconf("SC_PHYS_PAGES") * _PAGE)
    for place in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            found.append(int(Path(place).read_text(encoding="ascii")))
    return min(found, default=None)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace").splitlines()
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except (OSError, ValueError, IndexError):
        return _resident(pid)


def _usage(folders: Sequence[Path]) -> tuple[int, int]:
    """Return bytes on disk and number of files below some folders."""
    size = count = 0
    for entry in _entries(folders):
        count += 1
        with contextlib.suppress(OSError):
            facts = entry.stat(follow_symlinks=False)
            size += getattr(facts, "st_blocks", -(-facts.st_size // 512)) * 512
    return size, count


def _entries(folders: Sequence[Path]) -> Iterator[os.DirEntry[str]]:
    todo = [str(folder) for folder in folders]
    while todo:
        # a folder may be gone meanwhile, not to be read, or too deep to be named
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _RESERVE


def _size(count: int) -> str:
    return f"{count / (1 << 30):.3g} GiB" if count >= 1 << 30 else f"{count / (1 << 20):.3g} MiB"
