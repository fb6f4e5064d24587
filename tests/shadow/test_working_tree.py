"""A copy in which a notebook finds what it finds at home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.errors import TooMuch
from jupyter_repro.shadow import working_tree
from jupyter_repro.shadow.working_tree import copy_working_tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a project with all kinds of entries, beside a folder of data."""
    home = tmp_path.resolve() / "home"
    root = home / "study"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "a.ipynb").write_text("{}")
    (root / "data.csv").write_text("x\n1\n")
    os.utime(root / "data.csv", (1_000_000, 1_000_000))
    (root / "latest.csv").symlink_to("data.csv")
    (root / "__pycache__").mkdir()
    (root / "env").mkdir()
    (root / "env" / "pyvenv.cfg").write_text("")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("ref")
    (root / "large.bin").write_bytes(b"x" * 5000)
    os.mkfifo(root / "pipe")
    (home / "shared").mkdir()
    (home / "shared" / "more.csv").write_text("y\n")
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where copies go."""
    made = tmp_path / "shadow"
    made.mkdir()
    return made


def test_with_links(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are copied with their times; what is large, no result or beside the tree is linked to."""
    monkeypatch.setattr(working_tree, "LARGE", 5000)
    copied = copy_working_tree(tree, folder, links=True)
    root = copied.root
    assert str(root) == f"{folder}{tree}"
    assert (root / "data.csv").read_text() == "x\n1\n"
    assert not (root / "data.csv").is_symlink()
    assert (root / "data.csv").stat().st_mtime == 1_000_000
    assert str((root / "latest.csv").readlink()) == "data.csv"
    assert (root / "large.bin").read_bytes() == b"x" * 5000
    assert (root / ".git").readlink() == tree / ".git"
    assert (root / "env").readlink() == tree / "env"
    assert (root / "notebooks" / ".." / ".." / "shared" / "more.csv").read_text() == "y\n"
    assert not (root / "__pycache__").exists()
    assert not (root / "pipe").exists()
    assert copied.left_out == ()
    (root / "data.csv").write_text("changed")
    assert (tree / "data.csv").read_text() == "x\n1\n"


def test_without_links(tree: Path, folder: Path) -> None:
    """Where nothing keeps the run from writing through links, there are none that lead out."""
    copied = copy_working_tree(tree, folder, links=False)
    root = copied.root
    assert (root / ".git" / "HEAD").read_text() == "ref"
    assert not (root / ".git").is_symlink()
    assert not (root / "large.bin").is_symlink()
    assert not (root.parent / "shared").exists()
    assert copied.left_out == ("env",)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_told(tree: Path, folder: Path) -> None:
    """A file that nobody may read is missing, by name."""
    (tree / "data.csv").chmod(0)
    assert copy_working_tree(tree, folder, links=True).left_out == ("data.csv (Permission denied)",)


def test_too_much(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would fill the disk is refused before anything is copied, and the largest are named."""
    monkeypatch.setattr(working_tree, "MOST_BYTES", 4000)
    with pytest.raises(TooMuch, match=r"study` is too large .* most of it: large.bin"):
        copy_working_tree(tree, folder, links=True)
    assert not list(folder.iterdir())
