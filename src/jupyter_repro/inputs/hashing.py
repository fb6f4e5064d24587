"""Digests of many files: in threads, read in pieces, and not at all where a file has not changed."""

from __future__ import annotations

import os
import stat
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
        for batch in _taken(wanted):
            for each, digested, after in batch:
                found[each.path] = digested
                if digested.sha256 is not None and after == each.signature:
                    cache.put(each.path, after, digested.sha256)
            progress.done(len(batch), sum(each.signature.size for each, _, _ in batch))
    finally:
        progress.end()
    return found


_Batch = list[tuple[_Wanted, Digested, "Signature | None"]]


def _taken(wanted: Sequence[_Wanted]) -> Iterator[_Batch]:
    """Yield batches as threads finish them; on an interrupt what has not begun is not begun."""
    if len(wanted) == 1:
        yield _digest_all(wanted)
        return
    batches = iter(list(_batches(wanted)))
    workers = min(_THREADS, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="jupyter_repro digests")
    waiting: set[Future[_Batch]] = set()
    try:
        while True:
            waiting |= {
                pool.submit(_digest_all, batch) for batch in islice(batches, 2 * workers - len(waiting))
            }
            if not waiting:
                return
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for each in ready:
                yield each.result()
    finally:
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


def _digest_all(batch: Sequence[_Wanted]) -> _Batch:
    with unwatched():
        done: _Batch = []
        for each in batch:
            digested = _digest(each.path)
            after = _signature(each.path)
            done.append((each, digested, after if isinstance(after, Signature) else None))
        return done


def _digest(path: str) -> Digested:
    for _ in range(_TRIES):
        found = _digest_once(path)
        if found is not None:
            return found
    return Digested(None, 0, "it changed while it was read")


def _digest_once(path: str) -> Digested | None:
    """Return the digest, or why there is none; None if the file changed meanwhile."""
    try:
        return Digested(*file_digest(Path(path)))
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
