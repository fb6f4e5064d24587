"""DVC: what its pointers, cache and remotes say of files, compared with the bytes.

DVC takes its own word: where an object of its cache is damaged, ``dvc checkout`` brings the damaged bytes and ``dvc status`` calls
them up to date. Its files are read here, DVC itself is not asked.
"""

from __future__ import annotations

import configparser
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jupyter_repro.inputs.pointers import Pointers, is_same
from jupyter_repro.inputs.stat_cache import Signature
from jupyter_repro.records.trackers import DataRevision

from .addresses import public_address, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.inputs.pointers import Pointed
    from jupyter_repro.records.trackers import CacheState

__all__ = ["MOST_BYTES", "Compared", "dvc_revisions"]

MOST_BYTES = 1 << 30
"""Larger files are not read for an MD5."""


_TICK_NS = 2_000_000_000


class Compared:
    """Which files were compared with which MD5, for as long as they stay as they are."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], tuple[Signature, bool]] = {}

    def known(self, path: str, md5: str) -> bool | None:
        """Return what was found; None: it was not compared, or has changed since."""
        held = self._held.get((path, md5))
        return held[1] if held is not None and held[0] == _signature(path) else None

    def same(self, path: str, md5: str, size: int | None, most_bytes: int) -> bool | None:
        """Return whether a file holds these bytes, read at most once; None as for :func:`is_same`."""
        known = self.known(path, md5)
        if known is not None:
            return known
        before = _signature(path)
        found = is_same(path, md5, size, most_bytes=most_bytes)
        # one that was written a moment ago may be written once more within a tick of the disk's clock
        if found is not None and before is not None and time.time_ns() - before.mtime_ns > _TICK_NS:
            self._held[path, md5] = (before, found)
        return found


class _Project(NamedTuple):
    """What the settings of one DVC project say."""

    cache: Path
    remote: str
    """The default one, by name and address without credentials; empty: there is none."""


def dvc_revisions(
    paths: Iterable[str],
    *,
    folder: str,
    most_bytes: int = MOST_BYTES,
    in_all: int | None = None,
    compared: Compared | None = None,
) -> tuple[DataRevision, ...]:
    """Return what DVC says of these files and whether that is so, sorted by path.

    Args:
        paths: Absolute.
        folder: The notebook's.
        most_bytes: Larger files are not read.
        in_all: So many bytes of files are read, and no more; None: as many as there are.
        compared: What was compared before.
    """
    compared = Compared() if compared is None else compared
    pointers = Pointers()
    projects: dict[str, _Project] = {}
    found = []
    for path in sorted(set(paths)):
        told = pointers.pointed(path)
        if told is not None:
            most = most_bytes if in_all is None else min(most_bytes, in_all)
            size = 0 if compared.known(path, told.md5) is not None else _size(path)
            project = _project(told.pointer, folder, projects)
            found.append(_revision(path, told, project, folder, (most, compared)))
            if in_all is not None and size <= most:
                in_all -= size
    return tuple(found)


def _revision(
    path: str, told: Pointed, project: _Project | None, folder: str, may: tuple[int, Compared]
) -> DataRevision:
    most_bytes, compared = may
    name, pointer = shown_path(path, folder), shown_path(told.pointer, folder)
    same = compared.same(path, told.md5, told.size, most_bytes)
    cached = None if project is None or not told.md5 else _object(project.cache, told.md5)
    state = _state(cached, told.md5, most_bytes, compared)
    notes = []
    if same is False:
        notes.append(
            f"`{name}` is not what `{pointer}` says: `dvc checkout` brings that back, `dvc commit` takes this over"
        )
    elif same is None:
        notes.append(told.why or _why_unknown(path))
    if state == "damaged":
        notes.append(
            f"DVC's cache is damaged: `{shown_path(str(cached), folder)}` does not hash to its name, which DVC does not "
            "see; remove it and run `dvc pull`, or `dvc commit` if the file is right"
        )
    return DataRevision(
        tool="DVC",
        name=name,
        revision=told.md5,
        source=pointer,
        remote="" if project is None else project.remote,
        same=same,
        cache=state,
        note="; ".join(notes),
    )


def _signature(path: str) -> Signature | None:
    try:
        return Signature.of(os.stat(path))  # noqa: PTH116 - the name as it is
    except OSError:
        return None


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _why_unknown(path: str) -> str:
    return (
        "it is too large to be read for that here"
        if Path(path).is_file()
        else "there is no such file any more"
    )


def _object(cache: Path, md5: str) -> Path | None:
    """Return the place in DVC's cache that is named by an MD5; None: there is none."""
    places = (cache / "files" / "md5" / md5[:2] / md5[2:], cache / md5[:2] / md5[2:])
    return next((each for each in places if each.is_file()), None)


def _state(cached: Path | None, md5: str, most_bytes: int, compared: Compared) -> CacheState:
    if cached is None:
        return "absent" if md5 else ""
    same = compared.same(str(cached), md5, None, most_bytes)
    if same is None:
        return "not read"
    return "whole" if same else "damaged"


def _project(pointer: str, folder: str, known: dict[str, _Project]) -> _Project | None:
    """Return the project that a pointer belongs to; None: there is none."""
    home = next((each / ".dvc" for each in Path(pointer).parents if (each / ".dvc").is_dir()), None)
    if home is None:
        return None
    if str(home) not in known:
        settings = _settings(home)
        cache = settings.get("cache", {}).get("dir", "cache")
        known[str(home)] = _Project(home / os.path.expanduser(cache), _remote(settings, home, folder))  # noqa: PTH111 - joined next
    return known[str(home)]


def _settings(home: Path) -> Mapping[str, Mapping[str, str]]:
    """Return DVC's settings of the project, those of this machine over the shared ones; what cannot be read says nothing."""
    found: dict[str, dict[str, str]] = {}
    for name in ("config", "config.local"):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string((home / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, configparser.Error):
            continue
        for section in parser.sections():
            found.setdefault(section.strip("'"), {}).update(parser.items(section))
    return found


def _remote(settings: Mapping[str, Mapping[str, str]], home: Path, folder: str) -> str:
    name = settings.get("core", {}).get("remote", "")
    url = settings.get(f'remote "{name}"', {}).get("url", "")
    if not url:
        return name
    address = public_address(url if "://" in url else str(home / url), folder)
    return f"{name} ({address})"
