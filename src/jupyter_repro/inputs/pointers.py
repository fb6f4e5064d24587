"""Whose revision a file is: DVC pointers beside it, a Hugging Face snapshot that it lies in.

What they say of the bytes is compared with the bytes and never taken for them: DVC calls a file up to date if its own cache is damaged
in the same way.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records.inputs import Revision

from .root import git_root

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Pointed", "Pointers", "is_same"]

_SNAPSHOT = re.compile(
    r"[/\\](?P<kind>datasets|models|spaces)--(?P<name>[^/\\]+)[/\\]snapshots[/\\](?P<commit>[0-9a-f]{40})[/\\]"
)
_BUILT = re.compile(
    r"[/\\]datasets[/\\](?P<name>[^/\\]+___[^/\\]+|[^/\\]+)[/\\][^/\\]+[/\\]\d+\.\d+\.\d+[/\\](?P<commit>[0-9a-f]{40})[/\\]"
)
_MOST_BYTES = 1 << 30
"""Larger files are not read a second time for DVC's MD5."""
_CHUNK = 1 << 20
_ITEM = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[\w-]+):(?: +(?P<value>.*))?\Z")


class _Out(msgspec.Struct, frozen=True):
    """One output of a pointer."""

    path: str
    """Absolute."""
    md5: str
    size: int | None
    rev_lock: str


class Pointed(msgspec.Struct, frozen=True):
    """What DVC says of one file."""

    pointer: str
    """The file that says it, absolute."""
    md5: str
    """Of the file; empty: ``why`` says why it is not known."""
    size: int | None
    why: str


class Pointers:
    """Looks pointers up; each file of DVC's is read once."""

    def __init__(self) -> None:
        self._outs: dict[str, tuple[_Out, ...]] = {}
        self._folders: dict[str, dict[str, str]] = {}

    def revision(self, path: str) -> Revision | None:
        """Return the revision of a file, None if none is known.

        Args:
            path: Its absolute path, as it was opened.
        """
        return _hugging_face(path) or self._dvc(path)

    def pointed(self, path: str) -> Pointed | None:
        """Return what DVC says of a file, None if no pointer speaks of it."""
        found = self._out(path)
        if found is None:
            return None
        pointer, out = found
        md5, why = self._expected(out, path)
        return Pointed(pointer, md5, out.size if path == out.path else None, why)

    def _dvc(self, path: str) -> Revision | None:
        found = self._out(path)
        told = self.pointed(path)
        if found is None or told is None:
            return None
        return Revision(
            kind="DVC",
            name=os.path.basename(told.pointer),  # noqa: PTH119 - a plain string
            revision=found[1].rev_lock or found[1].md5,
            same=is_same(path, told.md5, told.size),
            why=told.why,
        )

    def _out(self, path: str) -> tuple[str, _Out] | None:
        for pointer in _near(path):
            for out in self._read(pointer):
                if path == out.path or path.startswith(out.path + os.sep):
                    return pointer, out
        return None

    def _read(self, pointer: str) -> tuple[_Out, ...]:
        if pointer not in self._outs:
            try:
                text = Path(pointer).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                text = ""
            self._outs[pointer] = tuple(_outs(text, os.path.dirname(pointer)))  # noqa: PTH120 - a plain string
        return self._outs[pointer]

    def _expected(self, out: _Out, path: str) -> tuple[str, str]:
        """Return the MD5 that a file should have, or why none is known."""
        if not out.md5:
            return "", "the pointer has no MD5"
        if not out.md5.endswith(".dir"):
            return out.md5, ""
        if out.path not in self._folders:
            self._folders[out.path] = _listing(out)
        found = self._folders[out.path].get(os.path.relpath(path, out.path).replace(os.sep, "/"), "")
        return found, "" if found else "DVC's own cache does not list it"


def _hugging_face(path: str) -> Revision | None:
    """Return the commit in the path; the cache's folders are named by it."""
    found = _SNAPSHOT.search(path)
    if found is not None:
        name = f"{found['kind']}/{found['name'].replace('--', '/')}"
        return Revision(kind="Hugging Face", name=name, revision=found["commit"])
    found = _BUILT.search(path)
    if found is None:
        return None
    name = f"datasets/{found['name'].replace('___', '/')}"
    return Revision(kind="Hugging Face", name=name, revision=found["commit"])


def _near(path: str) -> Iterator[str]:
    """Yield the pointers that may speak of a path, nearest first, as far as its git work tree."""
    top = git_root(Path(path).parent)
    each = path
    while True:
        folder = os.path.dirname(each)  # noqa: PTH120 - a plain string
        for pointer in (f"{each}.dvc", os.path.join(folder, "dvc.lock")):  # noqa: PTH118 - as above
            if os.path.isfile(pointer):  # noqa: PTH113 - as above
                yield pointer
        if folder == each or (top is not None and folder == str(top)):
            return
        each = folder


def _outs(text: str, folder: str) -> Iterator[_Out]:
    """Yield the outputs of a ``.dvc`` file or ``dvc.lock``, which DVC writes in one plain layout."""
    rev_lock = next(iter(re.findall(r"^ +rev_lock: *([0-9a-f]{40})\s*$", text, re.MULTILINE)), "")
    for row in _rows(text):
        if row.get("path"):
            size = row.get("size", "")
            yield _Out(
                path=os.path.normpath(os.path.join(folder, row["path"])),  # noqa: PTH118 - as above
                md5=row.get("md5", ""),
                size=int(size) if size.isdecimal() else None,
                rev_lock=rev_lock,
            )


def _rows(text: str) -> Iterator[dict[str, str]]:
    block = -1
    """How far the ``outs:`` that is read is indented; -1: none is."""
    row: dict[str, str] = {}
    depth = -1
    for line in text.splitlines():
        match = _ITEM.match(line)
        if match is None:
            continue
        indent, dashed = len(match["indent"]), match["dash"] is not None
        if block >= 0 and (indent < block or (indent == block and not dashed)):
            yield row
            row, block, depth = {}, -1, -1
        if block >= 0 and dashed and depth in (-1, indent):
            if row:
                yield row
            row, depth = {}, indent
        if block >= 0 and (indent == depth + 2 or (dashed and indent == depth)):
            row[match["key"]] = _plain(match["value"] or "")
        if match["key"] == "outs" and not dashed and block < 0:
            block = indent
    yield row


def _plain(value: str) -> str:
    """Return a scalar without its quotes."""
    if value[:1] == '"' == value[-1:]:
        try:
            return str(json.loads(value))
        except ValueError:
            return value
    return value[1:-1].replace("''", "'") if value[:1] == "'" == value[-1:] and len(value) > 1 else value


def _listing(out: _Out) -> dict[str, str]:
    """Return what a folder should hold, from DVC's cache: its path by the file's, and the MD5."""
    places = (
        top / cache / out.md5[:2] / out.md5[2:]
        for top in Path(out.path).parents
        for cache in (".dvc/cache/files/md5", ".dvc/cache")
    )
    place = next((each for each in places if each.is_file()), None)
    try:
        rows = [] if place is None else json.loads(place.read_bytes())
        return {str(row["relpath"]): str(row["md5"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def is_same(path: str, md5: str, size: int | None = None, *, most_bytes: int = _MOST_BYTES) -> bool | None:
    """Return whether a file holds the bytes of this MD5; None: not known, as of one that is larger than may be read."""
    if not md5:
        return None
    try:
        found = os.stat(path)  # noqa: PTH116 - the name as it is
        if size is not None and size != found.st_size:
            return False
        if found.st_size > most_bytes:
            return None
        digest = hashlib.md5(usedforsecurity=False)
        with Path(path).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest() == md5
