"""Where traces of torch operations lie."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord

from .place import journal_folder, record_folders

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SUFFIX", "new_trace", "saved_traces", "trace_file"]

SUFFIX = ".trace"
_FOLDER = "traces"
_NAME = re.compile(r"[\w][\w.+-]*")


def new_trace(beside: Path, word: str) -> Path:
    """Return the file that a trace is to be written to; its folder is there.

    Args:
        beside: The notebook's folder.
        word: A name, or a path that ends in ``.trace``, relative to the notebook.

    Raises:
        BadWord: It is neither.
        StorageFailed: The folder cannot be made.
    """
    if word.endswith(SUFFIX):
        return beside / word
    if not _NAME.fullmatch(word):
        raise BadWord(
            f"`{word}` is no name for a trace",
            remedy="use letters, digits, `-` and `_`, or a path that ends in `.trace`",
        )
    folder = journal_folder(beside).folder / _FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{word}{SUFFIX}"


def trace_file(beside: Path, word: str) -> Path:
    """Return the file of a trace.

    Args:
        beside: The notebook's folder.
        word: A name, or a path, relative to the notebook.

    Raises:
        BadWord: There is none; the message names those that are there.
    """
    for folder in record_folders(beside):
        found = folder / _FOLDER / f"{word}{SUFFIX}"
        if _NAME.fullmatch(word) and found.is_file():
            return found
    path = beside / word
    if path.is_file():
        return path
    known = ", ".join(saved_traces(beside))
    raise BadWord(
        f"there is no trace `{word}`", remedy=f"known traces: {known}" if known else "no trace is saved here"
    )


def saved_traces(beside: Path) -> tuple[str, ...]:
    """Return the names of the traces that are kept for this folder."""
    return tuple(
        sorted(
            {path.stem for folder in record_folders(beside) for path in (folder / _FOLDER).glob(f"*{SUFFIX}")}
        )
    )
