"""The journal's folder is beside the notebook, or the user is told where else."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import StorageFailed
from jupyter_repro.store.place import journal_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_beside_the_notebook_and_out_of_git(tmp_path: Path) -> None:
    """Git sees nothing of it, not even as untracked."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    place = journal_folder(tmp_path, environ={})
    (place.folder / "run-k.jsonl").write_text("x")
    assert place.folder == tmp_path / ".jupyter_repro"
    assert place.sentence == f"recording to `{place.folder}`"
    status = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert status.stdout == ""


def test_twice_is_as_once(tmp_path: Path) -> None:
    """An own ``.gitignore`` of the user's is kept."""
    (tmp_path / ".jupyter_repro").mkdir()
    (tmp_path / ".jupyter_repro" / ".gitignore").write_text("mine")
    first = journal_folder(tmp_path, environ={})
    assert journal_folder(tmp_path, environ={}) == first
    assert (first.folder / ".gitignore").read_text() == "mine"


def test_a_read_only_folder_falls_back_to_the_state_folder(read_only_disk: Path, tmp_path: Path) -> None:
    """The sentence names the new place and the reason."""
    place = journal_folder(read_only_disk, environ={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert place.folder.parent == tmp_path / "state" / "jupyter_repro"
    assert place.folder.is_dir()
    assert str(place.folder) in place.sentence
    assert "read-only" in place.sentence


@pytest.mark.parametrize("state", ["", "relative/is/ignored"])
def test_without_a_state_folder_it_is_below_home(read_only_disk: Path, tmp_path: Path, state: str) -> None:
    """As the XDG specification says."""
    place = journal_folder(read_only_disk, environ={"HOME": str(tmp_path), "XDG_STATE_HOME": state})
    assert place.folder.is_relative_to(tmp_path / ".local" / "state" / "jupyter_repro")


def test_two_notebooks_folders_do_not_share_a_state_folder(tmp_path: Path) -> None:
    """The fallback is named after the folder it stands for."""
    folders = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".jupyter_repro").write_text("a file in the way")
        folders.append(journal_folder(tmp_path / name, environ={"HOME": str(tmp_path)}).folder)
    assert len(set(folders)) == 2


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    """A cloned repository cannot make us write elsewhere."""
    victim = tmp_path / "victim"
    victim.mkdir()
    project = tmp_path / "project"
    project.mkdir()
    (project / ".jupyter_repro").symlink_to(victim)
    place = journal_folder(project, environ={"HOME": str(tmp_path)})
    assert "symbolic link" in place.sentence
    assert list(victim.iterdir()) == []


def test_nowhere_to_write_is_one_clear_error(read_only_disk: Path) -> None:
    """No third place is guessed."""
    with pytest.raises(StorageFailed, match="read-only"):
        journal_folder(read_only_disk, environ={"HOME": str(read_only_disk)})
