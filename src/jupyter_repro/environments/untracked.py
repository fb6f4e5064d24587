"""Source files that git does not track, within limits, without credentials."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from jupyter_repro.records.code import UntrackedSource
from jupyter_repro.secrets import known_values, redacted

if TYPE_CHECKING:
    from pathlib import Path

    from .git_command import HardenedGit

__all__ = ["untracked_sources"]

_FILE_BYTES = 1 << 16
_ALL_BYTES = 1 << 19
_HASHED_BYTES = 1 << 24
_FILES = 200
_SUFFIXES = frozenset((
    ".py", ".pyi", ".pyx", ".ipynb", ".r", ".rmd", ".qmd", ".jl", ".sh", ".sql", ".stan", ".c", ".cc", ".cpp", ".cu",
    ".cuh", ".h", ".hpp", ".f90", ".rs", ".go", ".js", ".ts", ".toml", ".yaml", ".yml", ".cfg", ".ini",
))  # fmt: skip
_NAMES = frozenset(("makefile", "dockerfile", "snakefile", "requirements.txt", "environment.yml"))
_OURS = ".jupyter_repro"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def untracked_sources(git: HardenedGit, top: Path, notes: list[str]) -> tuple[UntrackedSource, ...]:
    """Return the source files that are neither tracked nor ignored; what is left out is noted.

    Args:
        git: Git at the top of the work tree.
        top: That folder.
        notes: Where to say what was left out.
    """
    listed = git.run("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = [
        raw.decode("utf-8", "surrogateescape")
        for raw in listed.split(b"\0")
        if raw and _is_source(raw.decode("utf-8", "replace"))
    ]
    if len(names) > _FILES:
        notes.append(f"{len(names) - _FILES} of {len(names)} untracked source files are left out")
    found: list[UntrackedSource] = []
    room = _ALL_BYTES
    for name in sorted(names)[:_FILES]:
        source = _source(top, name, room)
        if source is not None:
            room -= len(source.text)
            found.append(source)
    return tuple(found)


def _is_source(name: str) -> bool:
    parts = name.lower().split("/")
    return _OURS not in parts and (os.path.splitext(parts[-1])[1] in _SUFFIXES or parts[-1] in _NAMES)  # noqa: PTH122 - a name, no path


def _source(top: Path, name: str, room: int) -> UntrackedSource | None:
    try:
        handle = os.open(top / name, os.O_RDONLY | _NO_LINK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            return None
        data = file.read(_HASHED_BYTES + 1)
    told = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if len(data) > _HASHED_BYTES:
        return UntrackedSource(path=told, size=facts.st_size, sha256="", note="too large to be looked at")
    text, note = _text(data, name, room)
    return UntrackedSource(
        path=told, size=len(data), sha256=hashlib.sha256(data).hexdigest(), text=text, note=note
    )


def _text(data: bytes, name: str, room: int) -> tuple[str, str]:
    if name.endswith(".ipynb"):
        return "", "notebooks are not copied, since they hold outputs"
    if len(data) > _FILE_BYTES:
        return "", f"it is larger than {_FILE_BYTES >> 10} kB"
    if len(data) > room:
        return "", f"all together they are larger than {_ALL_BYTES >> 10} kB"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "", "it is no text"
    clean: str = redacted(text, known=known_values())
    return clean, "" if clean == text else "credentials in it are replaced by marks"
