r"""The manifest of data: a file fit for version control that says which bytes a project's data are.

One JSON object a line: a head, the folders that are tracked as a whole, then the files by their paths, so that a
change of one file is a change of one line::

    {"format":"jupyter_repro.data","schema":1}
    {"folder":"data"}
    {"path":"data/train.csv","sha256":"9f86...","size":4}
"""

from __future__ import annotations

import functools
import os
import time
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.errors import BadManifest
from jupyter_repro.records.data import Manifest, Tracked

from .root import git_root
from .stat_cache import Signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MANIFEST", "find_manifest", "new_manifest_place", "read_manifest", "write_manifest"]

MANIFEST = "data.repro.jsonl"

_FORMAT = "jupyter_repro.data"
_SCHEMA = 1
_SETTLED_NS = 3_000_000_000
"""A younger file may be changed once more within the same tick of its clock."""
_HEX = frozenset("0123456789abcdef")
_DIGITS = 64
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def find_manifest(path: Path) -> Path | None:
    """Return the nearest manifest in the folders above a path, not beyond its git work tree."""
    top = git_root(path)
    for folder in (path, *path.parents):
        if os.path.lexists(folder / MANIFEST):
            return folder / MANIFEST
        if folder == top:
            return None
    return None


def new_manifest_place(folder: Path) -> Path:
    """Return where a project's manifest belongs: the top of its git work tree, else the folder."""
    return (git_root(folder) or folder) / MANIFEST


def read_manifest(path: Path) -> Manifest:
    """Return what a manifest says; that of a project without one is empty.

    Raises:
        BadManifest: It cannot be read, is of a newer version, or says two things of one file.
    """
    try:
        signature = Signature.of(path.stat())
        if max(signature.mtime_ns, signature.ctime_ns) + _SETTLED_NS < time.time_ns():
            return _read_once(path, signature)
        return _parsed(path, path.read_bytes())
    except FileNotFoundError:
        return Manifest()
    except OSError as error:
        raise BadManifest(
            f"cannot read `{path}`: {error.strerror}", remedy="make it a readable file"
        ) from error


@functools.lru_cache(maxsize=4)
def _read_once(path: Path, _signature: Signature) -> Manifest:
    """Read a manifest once for as long as it stays as it is: of 100,000 files it takes a second."""
    return _parsed(path, path.read_bytes())


def _parsed(path: Path, raw: bytes) -> Manifest:
    lines = raw.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not lines:
        raise BadManifest(f"`{path}` is empty", remedy="restore it from version control, or delete it")
    _check_head(path, _decoded(path, 1, lines[0]))
    folders: set[str] = set()
    files: dict[str, Tracked] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        row = _decoded(path, number, line)
        if "folder" in row:
            folders.add(_checked(path, number, row["folder"]))
            continue
        file = _file(path, number, row)
        if files.setdefault(file.path, file) != file:
            raise BadManifest(
                f"`{path.name}` says two things of `{file.path}` (line {number})",
                remedy="keep the line that is right; two branches have changed it",
            )
    return Manifest(tuple(sorted(folders)), {name: files[name] for name in sorted(files)})


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all.

    Raises:
        StorageFailed: It cannot be written.
    """
    head = {"format": _FORMAT, "schema": _SCHEMA}
    folders = ({"folder": folder} for folder in sorted(manifest.folders))
    files = (manifest.files[name] for name in sorted(manifest.files))
    write_atomic(path, b"".join(map(dumps, _chained(head, folders, files))))


def _chained(head: Any, *parts: Any) -> Iterator[Any]:
    yield head
    for part in parts:
        yield from part


def _decoded(path: Path, number: int, line: bytes) -> dict[str, Any]:
    if line.decode("utf-8", "replace").startswith(_CONFLICT):
        raise BadManifest(
            f"`{path.name}` holds a merge conflict (line {number})",
            remedy="keep the lines of both sides and delete the marks; each file may have one line",
        )
    try:
        row = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        row = _surrogates(line)
    if not isinstance(row, dict):
        raise BadManifest(
            f"line {number} of `{path}` is no part of a manifest of data",
            remedy="restore the file from version control, or delete it and track the data anew",
        )
    return row


def _surrogates(line: bytes) -> object:
    """Return a row that names a file whose name is no UTF-8; None if it is no JSON at all."""
    import json

    try:
        return json.loads(line)
    except ValueError:
        return None


def _check_head(path: Path, head: dict[str, Any]) -> None:
    if head.get("format") != _FORMAT or not isinstance(head.get("schema"), int):
        raise BadManifest(f"`{path}` is no manifest of data", remedy="choose another file")
    if head["schema"] > _SCHEMA:
        raise BadManifest(
            f"`{path}` is of a newer version ({head['schema']})", remedy="install a newer jupyter_repro"
        )


def _file(path: Path, number: int, row: dict[str, Any]) -> Tracked:
    name, digest, size = row.get("path"), row.get("sha256"), row.get("size")
    if (
        isinstance(digest, str)
        and len(digest) == _DIGITS
        and set(digest) <= _HEX
        and type(size) is int
        and size >= 0
    ):
        return Tracked(_checked(path, number, name), digest, size)
    raise BadManifest(
        f"line {number} of `{path.name}` has no SHA-256 and size",
        remedy="restore the line from version control, or track the file anew",
    )


def _checked(path: Path, number: int, name: Any) -> str:
    """Return a path of the manifest, which may only lead below its folder."""
    if isinstance(name, str) and name and not name.startswith("/") and "\0" not in name:
        parts = name.split("/")
        drive = os.name == "nt" and (":" in parts[0] or "\\" in name)
        if name == "." or (not {"", ".", ".."} & set(parts) and not drive):
            return name
    raise BadManifest(
        f"line {number} of `{path.name}` names a path that does not lie below it",
        remedy="delete the line; paths are relative to the folder of the manifest",
    )
