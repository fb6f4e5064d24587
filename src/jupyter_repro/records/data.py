"""Data that is tracked by digest, and how it differs from what was tracked."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["ChangeKind", "Compared", "DataChange", "Manifest", "Tracked"]

ChangeKind = Literal["changed", "missing", "new", "unreadable"]


class Tracked(msgspec.Struct, frozen=True):
    """One file by its bytes."""

    path: str
    """Relative to the folder of the manifest, ``/`` between parts."""
    sha256: str
    size: int
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True):
    """All that is tracked."""

    folders: tuple[str, ...] = ()
    """Tracked as a whole: a new file in one of them is a difference."""
    files: dict[str, Tracked] = {}
    """By path, sorted; not to be changed."""


class DataChange(msgspec.Struct, frozen=True, kw_only=True):
    """One file that is not as it was tracked."""

    kind: ChangeKind
    path: str
    before: Tracked | None = None
    """As tracked; None for a new file."""
    after: Tracked | None = None
    """As it is; None where there is none, or it cannot be read."""
    why: str = ""
    """Why it cannot be read."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Files beside what was tracked of them, sorted by path."""

    manifest: str
    """The manifest's path."""
    same: int = 0
    """How many files are as tracked."""
    size: int = 0
    """Bytes of the files that were looked at."""
    changes: tuple[DataChange, ...] = ()
    added: tuple[Tracked, ...] = ()
    """Tracked now and not before."""
    taken_over: tuple[DataChange, ...] = ()
    """Differences that the manifest now holds as they are."""
    passed_over: tuple[str, ...] = ()
    """What a folder holds that was not tracked, with the reason, in words."""
