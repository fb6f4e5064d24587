"""Tracked data as plain text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from .table import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.data import Compared, DataChange, Tracked

__all__ = ["bytes_text", "compared_text", "printable", "tracked_text"]

_SHOWN = 40
_HEX = 12
_UNITS = ((1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"))


def bytes_text(size: int) -> str:
    """Return a number of bytes for people: ``1.5 GB``."""
    unit, word = next(((unit, word) for unit, word in _UNITS if size >= unit), (1, "bytes"))
    if unit == 1:
        return "1 byte" if size == 1 else f"{size} bytes"
    return f"{size / unit:.3g} {word}"


def compared_text(compared: Compared, act: Literal["track", "verify", "accept"], *, command: str) -> str:
    """Return what was found, or done, and the next step.

    Args:
        compared: The facts.
        act: What was asked for.
        command: How a next step is written: ``%repro data`` or ``jupyter repro data``.
    """
    return "\n".join(_lines(compared, act, command))


def _lines(compared: Compared, act: str, command: str) -> Iterator[str]:
    name = os.path.basename(compared.manifest)  # noqa: PTH119 - a plain string
    if act == "track":
        yield _tracked_line(compared, name)
    if act == "accept":
        taken = compared.taken_over
        yield (
            f"{_files(len(taken))} taken over into {name}"
            if taken
            else "Nothing to take over: no file differs"
        )
        yield from _change_table(taken)
    if compared.changes:
        if act == "verify":
            total = compared.same + len(compared.changes)
            yield f"{len(compared.changes)} of {_files(total)} differ from {name}"
        yield from _change_table(compared.changes)
        yield from _next(compared, act, command)
    elif act == "verify":
        yield f"{_files(compared.same)} ({bytes_text(compared.size)}) as tracked in {name}"
    if act == "track":
        yield from (f"Not tracked: {each}" for each in _few(compared.passed_over))


def _tracked_line(compared: Compared, name: str) -> str:
    if not compared.added:
        return f"Nothing new to track; {_files(compared.same)} as tracked in {name}"
    size = sum(each.size for each in compared.added)
    also = f"; {_files(compared.same)} as tracked before" if compared.same else ""
    return f"Tracked {_files(len(compared.added))} ({bytes_text(size)}) in {name}{also}; commit it with the notebook"


def _next(compared: Compared, act: str, command: str) -> Iterator[str]:
    differing = [change.path for change in compared.changes if change.kind != "unreadable"]
    if differing:
        what = _quoted(differing[0]) if len(differing) == 1 else "PATHS"
        before = "Tracked before, and not touched: restore" if act == "track" else "Restore"
        yield f"{before} what was tracked, or take the change over with `{command} accept {what}`."


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path or "," in path else path


def _change_table(changes: Sequence[DataChange]) -> Iterator[str]:
    if not changes:
        return
    rows = [
        (change.kind, printable(change.path), _version(change.before), _version(change.after), change.why)
        for change in changes[:_SHOWN]
    ]
    yield from table(("what", "file", "tracked", "now", "why"), rows)
    if len(changes) > _SHOWN:
        yield f"... and {len(changes) - _SHOWN} more"


def _version(tracked: Tracked | None) -> str:
    return "" if tracked is None else f"{tracked.sha256[:_HEX]} ({bytes_text(tracked.size)})"


def _few(words: Sequence[str]) -> Iterator[str]:
    yield from words[:_SHOWN]
    if len(words) > _SHOWN:
        yield f"... and {len(words) - _SHOWN} more"


def tracked_text(files: Sequence[Tracked], manifest: str) -> str:
    """Return what is tracked, a line a file."""
    rows = [(printable(each.path), bytes_text(each.size), each.sha256[:_HEX]) for each in files[:_SHOWN]]
    more = [f"... and {len(files) - _SHOWN} more"] if len(files) > _SHOWN else []
    total = f"{_files(len(files))} ({bytes_text(sum(each.size for each in files))}) in {manifest}"
    return "\n".join([*table(("file", "size", "SHA-256"), rows), *more, total])


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def printable(path: str) -> str:
    """Return a name that no terminal takes for a command of its own."""
    text = path.encode("utf-8", "backslashreplace").decode()
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
