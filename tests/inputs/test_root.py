"""The project root is the least folder that holds notebook and inputs, within one git work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.root import git_root, project_root

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("repository", "opened", "root"),
    [
        (None, ["repo/notebooks/a.csv"], "repo/notebooks"),
        (None, ["repo/data/a.csv"], "repo/notebooks"),
        ("repo", [], "repo/notebooks"),
        ("repo", ["repo/notebooks/deep/a.csv"], "repo/notebooks"),
        ("repo", ["repo/data/a.csv"], "repo"),
        ("repo", ["elsewhere/a.csv"], "repo/notebooks"),
        ("repo", ["repository/a.csv"], "repo/notebooks"),
        (".", ["repo/data/a.csv"], "repo"),
        (".", ["repo/data/a.csv", "other/b.csv"], "."),
    ],
)
def test_root(tmp_path: Path, repository: str | None, opened: list[str], root: str) -> None:
    """It grows only as far as inputs need, and never out of the work tree."""
    notebook = tmp_path / "repo" / "notebooks" / "n.ipynb"
    notebook.parent.mkdir(parents=True)
    if repository is not None:
        (tmp_path / repository / ".git").mkdir()
    assert project_root(notebook, [str(tmp_path / each) for each in opened]) == tmp_path / root


def test_a_worktree_has_a_file_for_a_git_folder(tmp_path: Path) -> None:
    """``git worktree`` and submodules leave a file named ``.git``."""
    (tmp_path / ".git").write_text("gitdir: elsewhere")
    assert git_root(tmp_path / "a" / "b") == tmp_path
