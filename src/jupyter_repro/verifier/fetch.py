"""Files that were too large for the bundle: taken from a folder of the reader's, or fetched, and checked byte by byte."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, TYPE_CHECKING

from .archive import place_in
from .errors import BundleRejected, RunFailed
from .progress import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from .recipe import Recipe, RecipeFile

__all__ = ["fetch_files"]

_CHUNK = 1 << 20
_TIMEOUT_S = 60.0
_SCHEMES = ("https://", "http://")


def fetch_files(
    recipe: Recipe, project: Path, *, folder: Path | None, offline: bool, tell: Callable[[str], None]
) -> None:
    """Put every file that goes by address at its place in the project.

    Args:
        recipe: Names them, with address, digest and size.
        project: The unpacked project.
        folder: Where the reader has files already, by their name or their path in the project.
        offline: Fetch nothing.
        tell: Called with what is fetched.

    Raises:
        BundleRejected: A place lies outside the project, or an address is of another kind than the web's.
        RunFailed: A file cannot be had, or is another.
    """
    for file in recipe.files:
        if file.member or not file.url:
            continue
        if not file.url.startswith(_SCHEMES):
            raise BundleRejected("recipe", f"`{file.path}` has an address that is none of the web's")
        target = place_in(project, file.path)
        if folder is not None and any(_copied(place, file, target) for place in _places(folder, file)):
            tell(f"{shown(file.path)} is taken from {folder}")
            continue
        if offline:
            raise RunFailed(
                f"`{file.path}` is not in the bundle and would have to be fetched ({file.size:,} bytes)",
                remedy=f"get {shown(file.url)}, and name its folder with --data",
            )
        tell(f"fetching {shown(file.path)} ({file.size:,} bytes) from {shown(file.url)}")
        _fetched(file, target)


def _places(folder: Path, file: RecipeFile) -> tuple[Path, ...]:
    return (folder / file.path, folder / Path(file.path).name)


def _copied(source: Path, file: RecipeFile, target: Path) -> bool:
    """Copy a file of the reader's if it is the one."""
    try:
        handle = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    with os.fdopen(handle, "rb") as content:
        found = os.fstat(handle)
        return stat.S_ISREG(found.st_mode) and found.st_size == file.size and _written(content, file, target)


def _fetched(file: RecipeFile, target: Path) -> None:
    remedy = "ask the author for the file, and name its folder with --data"
    request = urllib.request.Request(file.url, headers={"User-Agent": "jupyter-repro"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - as above
            same = _written(answer, file, target)
    except (OSError, ValueError, urllib.error.URLError) as error:
        target.unlink(missing_ok=True)
        raise RunFailed(f"`{file.path}` cannot be fetched from {file.url}: {error}", remedy=remedy) from error
    if not same:
        raise RunFailed(
            f"what {file.url} gives is not the file that the author read (SHA-256 {file.sha256[:16]}...)",
            remedy=remedy,
        )


def _written(source: IO[bytes], file: RecipeFile, target: Path) -> bool:
    """Write what is read, no byte more than the file has; return whether it is the file, else nothing stays."""
    digest = hashlib.sha256()
    left = file.size
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(target, flags, 0o644)
    except FileExistsError as error:
        raise BundleRejected("duplicate name", f"`{file.path}` would be written twice") from error
    with os.fdopen(handle, "wb") as out:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                break
            digest.update(chunk)
            out.write(chunk)
    same = left == 0 and digest.hexdigest() == file.sha256
    if not same:
        with contextlib.suppress(OSError):
            target.unlink()
    return same
