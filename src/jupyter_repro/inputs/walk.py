"""The files below paths that a user names."""

from __future__ import annotations

import glob
import os
import stat
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import NotTracked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .ignore_rules import IgnoreRules

__all__ = ["Found", "files_below", "named_paths"]


class Found(msgspec.Struct, frozen=True):
    """What is below a folder; sorted, relative to the folder that the rules speak of, ``/`` between parts."""

    files: tuple[str, ...]
    passed_over: tuple[str, ...]
    """Links to folders, pipes and the like, each with the reason, in words."""


def named_paths(words: Iterable[str], base: Path) -> list[str]:
    """Return the absolute paths that words name; a pattern that no shell has spelled out is spelled out.

    Raises:
        NotTracked: A pattern fits nothing.
    """
    found: dict[str, None] = {}
    for word in words:
        path = os.path.abspath(os.path.join(base, os.path.expanduser(word)))  # noqa: PTH100, PTH111, PTH118 - links stay as the user spells them
        if os.path.lexists(path) or not glob.has_magic(word):
            found[path] = None
            continue
        fits = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        if not fits:
            raise NotTracked(f"no file fits `{word}`", remedy="check the pattern")
        found.update(dict.fromkeys(fits))
    return list(found)


def files_below(folder: str, top: Path, rules: IgnoreRules) -> Found:
    """Return the files below a folder that the rules do not pass over; links to folders are not followed.

    Args:
        folder: Relative to the top.
        top: The folder that the rules speak of.
        rules: What is passed over.
    """
    files: list[str] = []
    odd: list[str] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            entries = list(os.scandir(os.path.join(top, place)))  # noqa: PTH118 - the name as it is
        except OSError as error:
            odd.append(f"`{_shown(place)}`: {error.strerror}")
            continue
        for entry in entries:
            name = entry.name if place == "." else f"{place}/{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if rules.skips(name, folder=is_folder):
                continue
            if is_folder:
                waiting.append(name)
            elif why := _oddity(entry):
                odd.append(f"`{_shown(name)}`: {why}")
            else:
                files.append(name)
    return Found(tuple(sorted(files)), tuple(sorted(odd)))


def _oddity(entry: os.DirEntry[str]) -> str:
    """Return why an entry is no file with bytes of its own; empty if it is one, or hangs in the air."""
    try:
        mode = entry.stat().st_mode
    except OSError:
        return ""  # reading it will say why
    if stat.S_ISDIR(mode):
        return "a link to a folder, which is not followed"
    return "" if stat.S_ISREG(mode) else "no regular file"


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()
