"""Files that cells read."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

__all__ = ["Contact", "FileRole", "InputFile", "Revision", "SeenFile", "SeenInputs", "TrackedWord"]

FileRole = Literal["data", "source", "product", "output"]
TrackedWord = Literal["", "as tracked", "not as tracked"]


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that the notebook read before any cell wrote it."""

    path: str
    """Relative to the project root, ``/`` between parts; absolute if outside it."""
    role: Literal["data", "source"]
    """``source`` is a module the notebook imported, ``data`` everything else."""
    sha256: str
    size: int
    """Bytes."""


class Revision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What another tool calls a file's bytes."""

    kind: Literal["DVC", "Hugging Face"]
    name: str
    """The pointer's file, or the repository."""
    revision: str
    """A commit, or an MD5."""
    same: bool | None = None
    """Whether the bytes are those; None: not compared."""
    why: str = ""
    """Why not, where that can be said."""


class SeenFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that cells read or wrote."""

    path: str
    """Relative to the notebook's folder, ``/`` between parts; absolute if outside it."""
    role: FileRole
    """``product``: a cell wrote it and a cell read it; ``output``: only written."""
    sha256: str | None
    """As it was read last; None: see ``note``."""
    size: int | None
    mode: str
    """Permissions, such as ``0644``; empty where it is not there."""
    read_by: tuple[str, ...] = ()
    """Labels of cells."""
    written_by: tuple[str, ...] = ()
    tracked: TrackedWord = ""
    revision: Revision | None = None
    note: str = ""
    """What is to be known of it: that it has changed since it was read, why it has no digest."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that used the network."""

    cell: str
    hosts: tuple[str, ...]
    """As ``name:port``; empty where they could not be seen."""
    recorded: bool
    """A file keeps all their answers."""


class SeenInputs(msgspec.Struct, frozen=True, kw_only=True):
    """What the cells of one kernel read and wrote, and whom they talked to."""

    schema: int = 1
    folder: str
    manifest: str
    """The manifest of data in force; empty: none."""
    files: tuple[SeenFile, ...]
    contacts: tuple[Contact, ...]
    unseen: tuple[str, ...]
    """Imported modules that may have read files unseen."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
