"""Files that code in this process opens, and what it does that cannot be replayed.

Seen are files opened through Python (the audit events ``open`` and ``sqlite3.connect``), in any thread, and those of the
readers in :mod:`.readers`. Not seen are other readers written in C, see :func:`blind_spots`, other processes, which are told as an effect,
and what is read later through a file or a connection that an earlier cell opened.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from .audit import listen, unlisten, unwatched
from .ignored import IgnoredPlaces
from .on_disk import digest_at
from .processes import process_count
from .readers import seen_readers, watch_readers
from .talk import TALK, Talk

if TYPE_CHECKING:
    from .events import Fact

__all__ = ["FileWatch", "Opened", "blind_spots", "unwatched"]

_LIMIT = 200_000
"""Paths kept between two takes; a cell that opens more is told as an effect."""

_PROGRAMS = 1000
"""Programs kept between two takes."""

_BLIND = (
    "adios2",
    "cv2",
    "datatable",
    "duckdb",
    "fitsio",
    "h5py",
    "lightgbm",
    "netCDF4",
    "osgeo",
    "polars",
    "pyarrow.csv",
    "pyarrow.dataset",
    "pyarrow.feather",
    "pyarrow.json",
    "pyarrow.orc",
    "pyarrow.parquet",
    "pyreadr",
    "pyreadstat",
    "pysam",
    "pyvips",
    "rasterio",
    "ROOT",
    "SimpleITK",
    "soundfile",
    "tables",
    "tensorflow",
    "torchaudio",
    "torchvision.io",
    "vtk",
    "xgboost",
)
"""Modules that open files by themselves, without any audit event."""

_Signature = tuple[tuple[int, int, int] | None, ...]


class Opened(msgspec.Struct, frozen=True):
    """What happened since the last take; paths absolute, in the order first seen."""

    read: tuple[str, ...]
    """Opened for reading or appending; a file that does not exist may be among them, a folder never."""
    written: tuple[str, ...]
    """Opened for writing, renamed, removed."""
    effects: tuple[str, ...]
    """``network``, ``subprocess``, or a sentence that says what could not be seen."""
    written_first: tuple[str, ...] = ()
    """Those written before they were read, or never read: no inputs of this stretch."""
    absent_first: tuple[str, ...] = ()
    """Those that were not there when they were first opened for writing."""
    found: tuple[tuple[str, str | None], ...] = ()
    """Paths that were entered, removed, renamed or to be made anew, with the digest of what was there then."""
    folders: tuple[str, ...] = ()
    """Folders that were made, renamed or removed."""
    hosts: tuple[str, ...] = ()
    """Hosts that were talked to, as ``name:port``; sorted."""


_NOTHING = Opened((), (), ())


def blind_spots() -> tuple[str, ...]:
    """Name the imported modules that may have read files without our seeing it."""
    seen = seen_readers()
    return tuple(name for name in _BLIND if name in sys.modules and name not in seen)


class FileWatch:
    """Collects what is opened from ``start`` to ``stop``; several may watch at the same time.

    Nothing of the user's is patched, and nothing raises into the user's code.
    """

    def __init__(self) -> None:
        self._ignored = IgnoredPlaces()
        self._seen: dict[tuple[str, str], None] = {}
        """(use, path): a dict keeps the order and is changed by single atomic steps, so no lock is held
        in the audit hook, where a signal handler or finalizer may open files in the midst of it."""
        self._made: dict[str, None] = {}
        self._found: dict[str, str | None] = {}
        self._folders: dict[str, None] = {}
        self._effects: dict[str, None] = {}
        self._programs: dict[tuple[str, str], None] = {}
        self._beside: dict[str, None] = {}
        self._talk = Talk()
        self._databases: dict[str, _Signature] = {}
        self._processes = process_count()
        self._taking = threading.Lock()
        self._active = False

    def start(self) -> None:
        """Begin, or go on, to watch."""
        if not self._active:
            self._active = True
            self._processes = process_count()
            listen(self)
            watch_readers(self, on=True)

    def stop(self) -> None:
        """Watch no more and forget what was not taken."""
        unlisten(self)
        watch_readers(self, on=False)
        self._active = False
        for store in (self._seen, self._made, self._found, self._folders, self._effects, self._databases):
            store.clear()
        self._programs.clear()
        self._beside.clear()
        self._talk.clear()

    def take(self) -> Opened:
        """Return what was opened since the last take, and begin anew."""
        with self._taking, unwatched():
            self._count_processes()
            self._look_at_databases()
            hosts, kept = self._talk.take(connected="network" in self._effects)
            if kept:
                self._effects.pop("network", None)
            if not (hosts or self._seen or self._made or self._found or self._folders or self._effects):
                return _NOTHING
            made = _drain(self._made)
            gone = {path for path in made if not os.path.lexists(path)}
            first: dict[str, str] = {}
            uses: dict[str, list[str]] = {"read": [], "written": []}
            for use, path in _drain(self._seen):
                if path not in gone and not os.path.isdir(path):  # noqa: PTH112 - plain strings, never raises
                    first.setdefault(path, use)
                    uses[use].append(path)
            found = {path: self._found.pop(path) for path in list(self._found)}
            return Opened(
                read=tuple(uses["read"]),
                written=tuple(uses["written"]),
                effects=tuple(_drain(self._effects)),
                absent_first=tuple(path for path in made if path not in gone),
                found=tuple(each for each in found.items() if each[0] not in gone),
                hosts=hosts,
                folders=tuple(path for path in _drain(self._folders) if path not in gone),
                written_first=tuple(path for path in uses["written"] if first[path] == "written"),
            )

    def take_programs(self) -> tuple[tuple[str, str], ...]:
        """Return the programs and shell commands that were started since they were last taken."""
        return tuple(_drain(self._programs)) if self._programs else ()

    def take_beside(self) -> tuple[str, ...]:
        """Return the files that were needed and are no inputs, since they were last taken."""
        return tuple(_drain(self._beside)) if self._beside else ()

    # -- told by the audit hook ---------------------------------------------------------------------

    def note(self, fact: Fact) -> None:
        """Keep one fact, unless it is about a file that is nobody's input."""
        use, what = fact
        if use == "listed":
            return
        if use in ("program", "command"):
            if len(self._programs) < _PROGRAMS:
                self._programs.setdefault(fact)
        elif use in TALK:
            self._talk.note(fact)
        elif use == "beside":
            self._beside.setdefault(what)
        elif use == "effect":
            self._effects.setdefault(what)
        else:
            self._note_path(use, what)

    def _note_path(self, use: str, what: str) -> None:
        path = _absolute(what)
        if (use, path) in self._seen or path in self._ignored:
            return
        if use == "looked at":
            self._look_at(path)
            return
        if len(self._seen) >= _LIMIT:
            self._effects.setdefault(f"it opened more than {_LIMIT} files")
            return
        if use != "read" and not os.path.lexists(path):
            self._made.setdefault(path)
        if use == "folder":
            self._folders.setdefault(path)
        elif use == "database":
            self._databases.setdefault(path, _signature(path))
            self._seen.setdefault(("read" if os.path.lexists(path) else "written", path))
        else:
            self._seen.setdefault((use, path))

    def missed(self) -> None:
        """Note that something happened that could not be read."""
        self._effects.setdefault("it opened something that could not be recorded")

    def _look_at(self, path: str) -> None:
        """Keep what is there before it is changed, unless this stretch has made it itself."""
        if path not in self._found and ("written", path) not in self._seen and path not in self._folders:
            with unwatched():
                self._found[path] = digest_at(Path(path))

    # -- what no event tells ------------------------------------------------------------------------

    def _look_at_databases(self) -> None:
        """A database is written through its connection, long after the event: compare it with before."""
        for path, before in list(self._databases.items()):
            now = _signature(path)
            if now != before:
                self._databases[path] = now
                self._seen.setdefault(("written", path))

    def _count_processes(self) -> None:
        """``multiprocessing`` raises no event where it spawns; it counts its processes instead."""
        now = process_count()
        if now != self._processes:
            self._processes = now
            self._effects.setdefault("subprocess")


def _drain(store: dict[str, None] | dict[tuple[str, str], None]) -> list[Any]:
    """Take everything out of a dict to which other threads may be adding."""
    keys = list(store)
    for key in keys:
        store.pop(key, None)  # type: ignore[call-overload]  # the keys come from the very same dict
    return keys


def _absolute(path: str) -> str:
    if f"{os.sep}.." in path or path.startswith(".."):
        # only the real folder tells where `..` leads past a symbolic link
        folder, name = os.path.split(path)
        if name not in ("", ".", ".."):
            return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - plain strings in a hot hook
    return os.path.abspath(path)  # noqa: PTH100 - plain strings in a hot hook


def _signature(path: str) -> _Signature:
    return tuple(_stat(path + tail) for tail in ("", "-wal", "-journal"))


def _stat(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - plain strings in a hot hook
    except (OSError, ValueError):
        return None
    # an empty write-ahead log comes and goes with each reader
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else None
