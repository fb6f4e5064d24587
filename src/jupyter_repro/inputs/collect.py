"""The files a notebook stands on, with their digests."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.digest import file_digest
from jupyter_repro.records import InputFile

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Inputs", "Unreadable", "collect_inputs"]

_TRIES = 3
_CHANGED = "it changed while it was read"

Unreadable = tuple[str, str]
"""A path, and why it has no digest."""


class Inputs(msgspec.Struct, frozen=True):
    """What the notebook read before any cell wrote it, sorted by path."""

    inside: tuple[InputFile, ...]
    """Below the root, relative to it. A link whose target lies elsewhere stands for the target's bytes."""
    outside: tuple[InputFile, ...]
    """Anywhere else, absolute: another machine has them only if somebody brings them."""
    unreadable: tuple[Unreadable, ...]
    links: tuple[tuple[str, str], ...] = ()
    """Links inside, each with its target outside the root; their bytes are packed, not the link."""


def collect_inputs(
    opened: Iterable[str], written_first: Iterable[str], modules: Iterable[Path], *, root: Path
) -> Inputs:
    """Tell data and sources apart and take the digest of each, as it is now.

    Args:
        opened: Absolute paths that the notebook read.
        written_first: Absolute paths that it wrote before it read them: products, no inputs.
        modules: Files of modules it imported.
        root: The project's root; files below it keep their place in a bundle.
    """
    base = Path(os.path.abspath(root))  # noqa: PTH100 - links in the root's own path stay as the user spells them
    products = _with_targets(written_first)
    imported = sorted(map(str, modules))
    sources = _with_targets(imported)
    inside: dict[str, InputFile] = {}
    outside: dict[str, InputFile] = {}
    unreadable: dict[str, str] = {}
    links: dict[str, str] = {}
    for path in dict.fromkeys([*opened, *imported]):
        real = os.path.realpath(path)
        if {path, real} & products or os.path.isdir(path):  # noqa: PTH112 - must not raise on odd names
            continue
        name, is_inside = _place(path, real, base)
        digest = _digest(path)
        if isinstance(digest, str):
            unreadable[name.encode("utf-8", "backslashreplace").decode()] = digest
            continue
        (inside if is_inside else outside)[name] = InputFile(
            path=name,
            role="source" if {path, real} & sources else "data",
            sha256=digest[0],
            size=digest[1],
        )
        if is_inside and not _below(real, base):
            links[name] = real
    return Inputs(
        _sorted(inside), _sorted(outside), tuple(sorted(unreadable.items())), tuple(sorted(links.items()))
    )


def _with_targets(paths: Iterable[str]) -> set[str]:
    return {each for path in paths for each in (path, os.path.realpath(path))}


def _sorted(files: dict[str, InputFile]) -> tuple[InputFile, ...]:
    return tuple(files[name] for name in sorted(files))


def _place(path: str, real: str, base: Path) -> tuple[str, bool]:
    """Return the name of the file and whether it lies below the root, by its spelling or its real place."""
    if Path(path).is_relative_to(base):
        return Path(path).relative_to(base).as_posix(), True
    if _below(real, base):
        return Path(real).relative_to(os.path.realpath(base)).as_posix(), True
    return Path(path).as_posix(), False


def _below(real: str, base: Path) -> bool:
    return Path(real).is_relative_to(os.path.realpath(base))


def _digest(path: str) -> tuple[str, int] | str:
    """Return digest and size, or the reason why there is none."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is no UTF-8, so it cannot be carried to another machine"
    for _ in range(_TRIES):
        found = _digest_once(path)
        if found != _CHANGED:
            return found
    return _CHANGED


def _digest_once(path: str) -> tuple[str, int] | str:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - the name as it is
            return "it is no regular file"  # a pipe or device is not even opened
        return file_digest(Path(path))
    except FileNotFoundError:
        return "there is no such file"
    except PermissionError:
        return "it may not be read"
    except OSError as error:
        return _CHANGED if error.errno is None else error.strerror or str(error)
