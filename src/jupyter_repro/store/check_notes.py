"""What the author notes beside the items of the checklist: a file beside the records, never in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps, to_builtins, write_atomic
from jupyter_repro.errors import StorageFailed
from jupyter_repro.secrets import known_values, redacted

from .place import journal_folder, record_folders

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CheckNote", "read_notes", "write_note"]


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


def read_notes(notebook: Path) -> tuple[CheckNote, ...]:
    """Return the notes beside a notebook, by key; none: nobody has written one.

    Raises:
        StorageFailed: There is a file, and it is none of ours.
    """
    for folder in record_folders(notebook.parent):
        path = folder / _name(notebook)
        try:
            return msgspec.json.decode(path.read_bytes(), type=_File).notes
        except FileNotFoundError:
            continue
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise StorageFailed(
                f"cannot read the notes in `{path}`: {error}", remedy="mend the file, or move it away"
            ) from error
    return ()


def write_note(notebook: Path, note: CheckNote) -> tuple[CheckNote, ...]:
    """Keep a note in place of an older one of the same item, or drop that if the text is empty; return all.

    Raises:
        StorageFailed: They cannot be written, or those that are there cannot be read.
    """
    kept = {each.key: each for each in read_notes(notebook)}
    kept.pop(note.key, None)
    if note.text:
        kept[note.key] = note
    notes = tuple(kept[key] for key in sorted(kept))
    told = redacted(to_builtins(_File(notes=notes)), known=known_values())
    write_atomic(
        journal_folder(notebook.parent).folder / _name(notebook), dumps(told, indent=2), private=True
    )
    return notes


def _name(notebook: Path) -> str:
    return f"checklist-{notebook.name}.json"
