"""Digests of many files: in threads, read in pieces, and not at all where a file has not changed."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from jupyter_repro.digest import file_digest

from .audit import unwatched
from .stat_cache import Signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .stat_cache import StatCache

__all__ = ["Digested", "Progress", "digests_of", "no_progress"]

_TRIES = 3
_AT_ONCE = 64
"""Small files that a thread takes in one go."""
_LARGE = 8 << 20
"""A file of this many bytes is a thread's work alone."""
_THREADS = 8
_TELL_S = 0.2
"""How often the progress is told while one large file is read."""


class Progress(Protocol):
    """Told how far the reading of files has come; from the caller's thread."""

    def begin(self, files: int, size: int) -> None:
        """So many files and bytes are to be read."""

    def done(self, files: int, size: int) -> None:
        """So many more have been read."""

    def end(self) -> None:
        """No more is read, also if it was interrupted."""


class _NoProgress:
    def begin(self, files: int, size: int) -> None:
        """Say nothing."""

    def done(self, files: int, size: int) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


def no_progress() -> Progress:
    """Return what tells nobody."""
    return _NoProgress()


class Digested(msgspec.Struct, frozen=True):
    """A file with its digest, or the reason why it has none."""

    sha256: str | None
    size: int
    why: str = ""
    absent: bool = False


class _Wanted(msgspec.Struct):
    path: str
    signature: Signature


def digests_of(paths: Iterable[str], cache: StatCache, progress: Progress) -> dict[str, Digested]:
    """Return the digest of each file by its absolute path.

    Nothing that is read here counts as opened by the user's cell.
    """
    found: dict[str, Digested] = {}
    wanted: list[_Wanted] = []
    with unwatched():
        for path in paths:
            signature = _signature(path)
            if isinstance(signature, Digested):
                found[path] = signature
            elif (known := cache.get(path, signature)) is not None:
                found[path] = Digested(known, signature.size)
            else:
                wanted.append(_Wanted(path, signature))
    if not wanted:
        return found
    progress.begin(len(wanted), sum(each.signature.size for each in wanted))
    try:
        for batch in _taken(wanted, progress):
            for each, digested, after in batch:
                found[each.path] = digested
                if digested.sha256 is not None and after == each.signature:
                    cache.put(each.path, after, digested.sha256)
    finally:
        progress.end()
    return found


_Batch = list[tuple[_Wanted, Digested, "Signature | None"]]


class _Stopped(Exception):
    """The user has interrupted the reading."""


class _Tally:
    """Counts, across threads, what has been read, and ends the reading."""

    def __init__(self) -> None:
        self.stopped = False
        self._lock = threading.Lock()
        self._size = 0

    def add(self, size: int) -> None:
        """Count a piece."""
        if self.stopped:
            raise _Stopped
        with self._lock:
            self._size += size

    def take(self) -> int:
        """Return the bytes since the last take."""
        with self._lock:
            size, self._size = self._size, 0
        return size


def _taken(wanted: Sequence[_Wanted], progress: Progress) -> Iterator[_Batch]:
    """Yield batches as threads finish them; an interrupt ends the reading in the midst of a file."""
    tally = _Tally()
    if sum(each.signature.size for each in wanted) < _LARGE and len(wanted) <= _AT_ONCE:
        yield _digest_all(wanted, tally)
        progress.done(len(wanted), tally.take())
        return
    batches = iter(list(_batches(wanted)))
    workers = min(_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="jupyter_repro digests")
    waiting: set[Future[_Batch]] = set()
    try:
        while True:
            free = 2 * workers - len(waiting)
            waiting |= {pool.submit(_digest_all, batch, tally) for batch in islice(batches, free)}
            if not waiting:
                return
            ready, waiting = wait(waiting, timeout=_TELL_S, return_when=FIRST_COMPLETED)
            done = [each.result() for each in ready]
            progress.done(sum(map(len, done)), tally.take())
            yield from done
    finally:
        tally.stopped = True
        pool.shutdown(wait=True, cancel_futures=True)


def _batches(wanted: Sequence[_Wanted]) -> Iterator[list[_Wanted]]:
    """Yield the large files one by one, first, so that none of them is left for the end."""
    large = sorted(
        (each for each in wanted if each.signature.size >= _LARGE), key=lambda each: -each.signature.size
    )
    yield from ([each] for each in large)
    small = [each for each in wanted if each.signature.size < _LARGE]
    for start in range(0, len(small), _AT_ONCE):
        yield small[start : start + _AT_ONCE]


def _digest_all(batch: Sequence[_Wanted], tally: _Tally) -> _Batch:
    with unwatched():
        done: _Batch = []
        for each in batch:
            digested = _digest(each.path, tally)
            after = _signature(each.path)
            done.append((each, digested, after if isinstance(after, Signature) else None))
        return done


def _digest(path: str, tally: _Tally) -> Digested:
    for _ in range(_TRIES):
        found = _digest_once(path, tally)
        if found is not None:
            return found
    return Digested(None, 0, "it changed while it was read")


def _digest_once(path: str, tally: _Tally) -> Digested | None:
    """Return the digest, or why there is none; None if the file changed meanwhile."""
    try:
        return Digested(*file_digest(Path(path), told=tally.add))
    except OSError as error:
        return None if error.errno is None else _unreadable(error)


def _signature(path: str) -> Signature | Digested:
    try:
        found = os.stat(path)  # noqa: PTH116 - 100,000 of them
    except (OSError, ValueError) as error:
        return _unreadable(error)
    if not stat.S_ISREG(found.st_mode):
        return Digested(None, 0, "it is no regular file")  # a pipe or device is not even opened
    return Signature.of(found)


def _unreadable(error: OSError | ValueError) -> Digested:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Digested(None, 0, "there is no such file", absent=True)
    if isinstance(error, PermissionError):
        return Digested(None, 0, "it may not be read")
    return Digested(None, 0, (error.strerror if isinstance(error, OSError) else None) or str(error))
