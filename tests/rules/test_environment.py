"""What a revision does not give is a finding, and so is no revision."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Bench  # pragma: no cover

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs the git binary")


def git(folder: Path, *words: str) -> None:
    settings = ("user.name=a", "user.email=a@b", "commit.gpgsign=false", "protocol.file.allow=always")
    with unwatched():
        subprocess.run(
            ["git", *(part for each in settings for part in ("-c", each)), *words],
            cwd=folder,
            check=True,
            capture_output=True,
            env={**os.environ, "GIT_CONFIG_NOSYSTEM": "1"},
        )


def found(bench: Bench) -> dict[str, str]:
    return {each.code: each.message for each in bench.status().findings if each.code in ("RP601", "RP602")}


@pytest.fixture
def repo(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a notebook in a repository with one commit."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    bench.write(a="x = 1")
    (tmp_path / ".gitignore").write_text("ipython\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return bench


def test_no_repository(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    bench.write(a="x = 1")
    bench.run_all()
    assert found(bench) == {"RP602": "no git revision is known: the folder lies in no git repository"}


def test_a_clean_work_tree(repo: Bench) -> None:
    """Is none, also after cells have run and a record is kept."""
    repo.run_all()
    assert found(repo) == {}


def test_what_the_commit_does_not_give(repo: Bench, tmp_path: Path) -> None:
    """Changed files, source files that were never added, submodules that are elsewhere."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    git(other, "commit", "-q", "--allow-empty", "-m", "first")
    git(tmp_path, "submodule", "add", "-q", str(other), "lib")
    shutil.rmtree(other)
    git(tmp_path, "commit", "-qm", "two")
    git(tmp_path / "lib", "commit", "-q", "--allow-empty", "-m", "second")
    with unwatched():
        (tmp_path / ".gitignore").write_text("ipython\n# changed\n")
        for name in "abcd":
            (tmp_path / f"{name}.py").write_text("x = 1\n")
        (tmp_path / "data.csv").write_text("1\n")
    repo.run_all()
    told = found(repo)["RP601"].partition(": ")[2]
    assert told == (
        "files are changed; in no commit: `a.py`, `b.py`, `c.py` and 1 more; submodule `lib` is at another commit"
    )
