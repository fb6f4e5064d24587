"""Notes beside the checklist are kept beside the notebook, and never in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import StorageFailed
from jupyter_repro.store.check_notes import CheckNote, read_notes, write_note

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
