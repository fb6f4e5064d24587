"""What the author notes beside the items of the checklist: a file beside the records, never in the notebook.

The file has the notebook's name, and the ids of its cells: notes of a notebook that is gone are those of one in the same folder that
has most of the same cells, so that they outlive its renaming by whatever tool.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins, write_atomic
from jupyter_repro.errors import StorageFailed
from jupyter_repro.secrets import known_values, redacted

from .cell_ids import cell_ids
from .place import journal_folder, record_folders

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CheckNote", "move_notes", "read_notes", "write_note"]

_SHARE = 0.5
"""Of the cells, from which on two notebooks are one under two names."""


class CheckNote(msgspec.Struct, frozen=True, kw_only=True):
    """One note."""

    key: str
    """Of the item: ``seed``."""
    title: str
    """Of the item, as it was when the note was written."""
    text: str


class _File(msgspec.Struct, frozen=True, kw_only=True):
    schema: int = 1
    notes: tuple[CheckNote, ...] = ()
    cells: tuple[str, ...] = ()
    """Ids of the notebook's cells when the last note was written."""


def read_notes(notebook: Path) -> tuple[CheckNote, ...]:
    """Return the notes on a notebook, by key; none: nobody has written one.

    Raises:
        StorageFailed: There is a file, and it is none of ours.
    """
    path = _file_of(notebook)
    return () if path is None else _read(path).notes


def write_note(notebook: Path, note: CheckNote) -> tuple[CheckNote, ...]:
    """Keep a note in place of an older one of the same item, or drop that if the text is empty; return all.

    Raises:
        StorageFailed: They cannot be written, or those that are there cannot be read.
    """
    before = _file_of(notebook)
    kept = {} if before is None else {each.key: each for each in _read(before).notes}
    kept.pop(note.key, None)
    if note.text:
        kept[note.key] = note
    notes = tuple(kept[key] for key in sorted(kept))
    _keep(notebook, notes, before)
    return notes


def move_notes(before: Path, now: Path) -> None:
    """Take the notes along where a notebook was renamed or moved while it was open; one that has notes keeps its own.

    Raises:
        StorageFailed: They cannot be written, or those that are there cannot be read.
    """
    path = None if before.exists() or not now.is_file() else _own_file_of(before)
    if path is not None and _own_file_of(now) is None:
        _keep(now, _read(path).notes, path)


def _keep(notebook: Path, notes: tuple[CheckNote, ...], before: Path | None) -> None:
    """Write the file of a notebook, in place of the one that it had before."""
    path = journal_folder(notebook.parent).folder / _name(notebook.name)
    told = redacted(to_builtins(_File(notes=notes, cells=cell_ids(notebook))), known=known_values())
    write_atomic(path, dumps(told, indent=2), private=True)
    if before is not None and before != path:
        with contextlib.suppress(OSError):  # of a notebook that is gone: it is in nobody's way
            before.unlink()


def _file_of(notebook: Path) -> Path | None:
    return _own_file_of(notebook) or _file_of_former(notebook)


def _own_file_of(notebook: Path) -> Path | None:
    files = (folder / _name(notebook.name) for folder in record_folders(notebook.parent))
    return next((path for path in files if path.is_file()), None)


def _file_of_former(notebook: Path) -> Path | None:
    """Return the file of a notebook that is gone and had most of this one's cells: it was renamed."""
    found: list[tuple[float, Path]] = []
    for folder in record_folders(notebook.parent):
        for path in sorted(folder.glob(_name("*"))):
            name = path.name[len(_BEGIN) : -len(_END)]
            if not notebook.with_name(name).exists():
                with contextlib.suppress(StorageFailed):  # whose it was is not known
                    found.append((_alike(_read(path).cells, cell_ids(notebook)), path))
    share, path = max(found, default=(0.0, notebook), key=lambda each: each[0])
    return path if share > _SHARE else None


def _alike(before: tuple[str, ...], now: tuple[str, ...]) -> float:
    """Return how much of all cells both have."""
    both, either = {*before} & {*now}, {*before} | {*now}
    return len(both) / len(either) if either else 0.0


def _read(path: Path) -> _File:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StorageFailed(
            f"cannot read the notes in `{path}`: {error}", remedy="mend the file, or move it away"
        ) from error


_BEGIN, _END = "checklist-", ".json"


def _name(notebook: str) -> str:
    return f"{_BEGIN}{notebook}{_END}"
