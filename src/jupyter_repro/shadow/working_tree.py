"""A copy of a working tree in which a notebook can run, and which costs little.

The copy stands below a folder of its own at the place where the tree stands: ``FOLDER/home/ada/study`` for ``/home/ada/study``.
So ``../data`` means the same in it, and a path that it prints becomes the true one when the folder is cut off.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import StorageFailed, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["Copied", "copy_working_tree"]

MOST_BYTES = 4 << 30
MOST_FILES = 200_000
LARGE = 64 << 20
"""Bytes from which on a file is linked to, where the run cannot write through the link."""
_LEFT_OUT = frozenset({"__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_NEVER_WRITTEN = frozenset({".git", ".hg", ".svn", "node_modules"})
_CLONE = 0x40049409
"""FICLONE of linux/fs.h: both files share their blocks until one is written."""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """Where the copy is, and what it lacks."""

    root: Path
    """The copy of the tree."""
    files: int
    bytes: int
    """Bytes that were copied; clones and links take none."""
    left_out: tuple[str, ...]
    """What is not in it, in words."""


class _Entry(msgspec.Struct, frozen=True):
    """One entry of the tree that is copied or linked."""

    path: Path
    size: int
    linked: bool


def copy_working_tree(root: Path, folder: Path, *, links: bool) -> Copied:
    """Copy a tree below a folder.

    Args:
        root: The tree; absolute, without links in its path.
        folder: An empty folder.
        links: Whether the run is kept from writing through links: then large files, version control, environments
            and everything beside the tree are linked to; else they are copied or left out.

    Raises:
        TooMuch: There is more to copy than :data:`MOST_BYTES` or half of what is free.
        StorageFailed: The copy cannot be written.
    """
    left_out: list[str] = []
    entries = list(_entries(root, links=links, left_out=left_out))
    copied = [each for each in entries if not each.linked]
    total = sum(each.size for each in copied)
    _refuse_too_much(root, copied, total, free=shutil.disk_usage(folder).free)
    target = folder / root.relative_to(root.anchor)
    copier = _Copier(root, target)
    try:
        _surround(root, folder, links=links)
        for each in entries:
            copier.put(each)
    except OSError as error:
        raise StorageFailed(
            f"the working tree cannot be copied to `{folder}`: {error.strerror or error}",
            remedy="make room there, or set TMPDIR to a folder with room",
        ) from error
    return Copied(root=target, files=len(copied), bytes=total, left_out=(*left_out, *copier.left_out))


def _refuse_too_much(root: Path, copied: list[_Entry], total: int, *, free: int) -> None:
    if total <= min(MOST_BYTES, free // 2) and len(copied) <= MOST_FILES:
        return
    largest: dict[tuple[str, ...], int] = {}
    for each in copied:
        name = each.path.relative_to(root).parts[:1]
        largest[name] = largest.get(name, 0) + each.size
    most = sorted(largest, key=lambda name: -largest[name])[:3]
    named = ", ".join(f"{''.join(name)} ({largest[name] / 1e9:.2g} GB)" for name in most)
    raise TooMuch(
        f"`{root}` is too large to be copied for a proof: {len(copied)} files, {total / 1e9:.3g} GB; most of it: {named}",
        remedy="keep results and data that no cell reads elsewhere, or export: that runs the notebook in its own folder",
    )


def _entries(root: Path, *, links: bool, left_out: list[str]) -> Iterator[_Entry]:
    """Yield files and links below a folder, and folders that are linked to as a whole."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        try:
            found = sorted(os.scandir(here), key=lambda each: each.name)
        except OSError as error:
            left_out.append(f"{here.relative_to(root)} ({error.strerror})")
            continue
        yield _Entry(here, 0, linked=False)
        for each in found:
            path = Path(each.path)
            if each.is_dir(follow_symlinks=False):
                if each.name in _LEFT_OUT:
                    continue
                if each.name in _NEVER_WRITTEN or (path / "pyvenv.cfg").exists():
                    if links:
                        yield _Entry(path, 0, linked=True)
                        continue
                    if each.name not in (".git", ".hg", ".svn"):
                        left_out.append(str(path.relative_to(root)))
                        continue
                waiting.append(path)
            else:
                yield from _file(each, path, links=links)


def _file(found: os.DirEntry[str], path: Path, *, links: bool) -> Iterator[_Entry]:
    with contextlib.suppress(OSError):  # gone since it was listed
        facts = found.stat(follow_symlinks=False)
        if stat.S_ISLNK(facts.st_mode):
            yield _Entry(path, 0, linked=False)
        elif stat.S_ISREG(facts.st_mode):
            yield _Entry(path, facts.st_size, linked=links and facts.st_size >= LARGE)


class _Copier:
    """Puts entries of a tree at their places in the copy."""

    def __init__(self, root: Path, target: Path) -> None:
        self._root = root
        self._target = target
        self._clones = sys.platform.startswith("linux")
        """Whether the file system may still turn out to make copies that share their blocks."""
        self.left_out: list[str] = []

    def put(self, entry: _Entry) -> None:
        """Copy one entry, or link to it."""
        source = entry.path
        target = self._target / source.relative_to(self._root)
        if source.is_symlink():
            target.symlink_to(source.readlink())
        elif source.is_dir():
            target.symlink_to(source) if entry.linked else target.mkdir(parents=True, exist_ok=True)
        else:
            self._file(source, target, linked=entry.linked)

    def _file(self, source: Path, target: Path, *, linked: bool) -> None:
        try:
            old = source.open("rb")
        except OSError as error:
            self.left_out.append(f"{source.relative_to(self._root)} ({error.strerror})")
            return
        with old:
            if self._clones:
                self._clones = _cloned(old, target)
            if self._clones:
                pass
            elif linked:
                target.symlink_to(source)
                return
            else:
                with target.open("xb") as new:
                    shutil.copyfileobj(old, new, 1 << 20)
        shutil.copystat(source, target)


def _cloned(old: BinaryIO, target: Path) -> bool:
    """Whether the file system has made a copy that shares its blocks with the file."""
    import fcntl

    try:
        with target.open("xb") as new:
            fcntl.ioctl(new.fileno(), _CLONE, old.fileno())
    except OSError:
        target.unlink(missing_ok=True)
        return False
    return True


def _surround(root: Path, folder: Path, *, links: bool) -> None:
    """Let what stands beside the tree stand beside its copy, as links."""
    here = folder
    for above in reversed(root.parents):
        child = root.parts[len(above.parts)]
        if links:
            for each in _listed(above):
                if each.name != child:
                    (here / each.name).symlink_to(each)
        here = here / child
        here.mkdir(exist_ok=True)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []  # what cannot be listed cannot be reached by `..` either, but for known names
