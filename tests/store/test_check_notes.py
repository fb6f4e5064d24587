"""Notes beside the checklist are kept beside the notebook, and never in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import StorageFailed
from jupyter_repro.store.check_notes import CheckNote, move_notes, read_notes, write_note

if TYPE_CHECKING:
    from pathlib import Path

SEED = CheckNote(key="seed", title="Randomness is governed by a seed", text="that of the paper")
DATA = CheckNote(key="inputs", title="Input files are as they were", text="licensed")


def test_a_note_is_kept_changed_and_taken_away(tmp_path: Path) -> None:
    """One note an item; an empty text ends it; another notebook beside it has its own."""
    notebook = tmp_path / "nb.ipynb"
    notebook.write_text("{}")

    assert read_notes(notebook) == ()
    write_note(notebook, SEED)
    assert write_note(notebook, DATA) == (DATA, SEED)
    changed = CheckNote(key="seed", title=SEED.title, text="another")
    assert write_note(notebook, changed) == read_notes(notebook) == (DATA, changed)
    assert write_note(notebook, CheckNote(key="seed", title=SEED.title, text="")) == (DATA,)
    assert read_notes(tmp_path / "other.ipynb") == ()
    assert notebook.read_text() == "{}"


def test_a_file_that_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    """What cannot be read is said, and not written over."""
    notebook = tmp_path / "nb.ipynb"
    write_note(notebook, SEED)
    file = tmp_path / ".jupyter_repro" / "checklist-nb.ipynb.json"
    file.write_text("[]")

    with pytest.raises(StorageFailed, match="cannot read the notes"):
        write_note(notebook, DATA)

    assert file.read_text() == "[]"


def _write(path: Path, *cells: str) -> Path:
    path.write_text(json.dumps({"cells": [{"id": cell, "source": ""} for cell in cells]}))
    return path


def test_notes_outlive_the_renaming_of_their_notebook(tmp_path: Path) -> None:
    """By any tool, also with a cell more: they are read, and written under the new name alone."""
    write_note(_write(tmp_path / "draft.ipynb", "a", "b", "c"), SEED)
    (tmp_path / "draft.ipynb").unlink()
    final = _write(tmp_path / "final.ipynb", "a", "b", "c", "d")

    assert read_notes(final) == (SEED,)
    assert write_note(final, DATA) == read_notes(final) == (DATA, SEED)
    assert [path.name for path in (tmp_path / ".jupyter_repro").glob("*.json")] == [
        "checklist-final.ipynb.json"
    ]


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        pytest.param(("a", "b"), False, id="a copy beside its notebook"),
        pytest.param(("a", "x", "y"), True, id="few cells in common"),
        pytest.param((), True, id="no cells to know it by"),
    ],
)
def test_another_notebook_begins_without_notes(tmp_path: Path, cells: tuple[str, ...], *, gone: bool) -> None:
    """Notes are taken over from a notebook that is gone and had most of the same cells, from no other."""
    first = _write(tmp_path / "first.ipynb", "a", "b")
    write_note(first, SEED)
    if gone:
        first.unlink()

    assert read_notes(_write(tmp_path / "other.ipynb", *cells)) == ()


def test_notes_move_with_an_open_notebook(tmp_path: Path) -> None:
    """To another folder too; neither a notebook that is still there nor one with notes of its own is touched."""
    here, there = tmp_path / "nb.ipynb", tmp_path / "new" / "nb.ipynb"
    there.parent.mkdir()
    write_note(here, SEED)
    _write(there, "a")

    _write(here, "a")
    move_notes(here, there)
    assert read_notes(there) == ()
    here.unlink()
    move_notes(here, there)
    assert read_notes(there) == (SEED,)
    write_note(here, DATA)
    move_notes(here, there)
    assert read_notes(there) == (SEED,)
