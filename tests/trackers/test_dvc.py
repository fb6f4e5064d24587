"""DVC's pointers, cache and remotes, compared with the bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.trackers.dvc import dvc_revisions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with one tracked file, its object in the cache, and a remote whose address holds a password."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").write_text(
        "[core]\n    remote = lab\n['remote \"lab\"']\n    url = s3://key:pass@bucket/path\n"
    )
    (tmp_path / "train.csv").write_text("a\n1\n")
    md5 = hashlib.md5((tmp_path / "train.csv").read_bytes(), usedforsecurity=False).hexdigest()
    (tmp_path / "train.csv.dvc").write_text(
        f"outs:\n- md5: {md5}\n  size: 4\n  hash: md5\n  path: train.csv\n"
    )
    cached = tmp_path / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    cached.parent.mkdir(parents=True)
    cached.write_text("a\n1\n")
    return tmp_path


def told(project: Path, **settings: int) -> tuple[bool | None, str, str]:
    """Return what is said of the one file."""
    (found,) = dvc_revisions([str(project / "train.csv")], folder=str(project), **settings)
    return found.same, found.cache, found.note


def cached(project: Path) -> Path:
    """Return the object in the cache."""
    (found,) = (each for each in (project / ".dvc" / "cache").rglob("*") if each.is_file())
    return found


def test_what_holds_is_told(project: Path) -> None:
    """Pointer, MD5, and the remote without its password."""
    (found,) = dvc_revisions([str(project / "train.csv")], folder=str(project))
    assert (found.same, found.cache, found.note) == (True, "whole", "")
    assert (found.source, found.remote) == ("train.csv.dvc", "lab (s3://bucket/path)")
    assert found.revision == cached(project).parent.name + cached(project).name


def test_a_file_that_is_not_the_pointers(project: Path) -> None:
    """Same length, other bytes."""
    (project / "train.csv").write_text("a\n2\n")
    same, cache, note = told(project)
    assert (same, cache) == (False, "whole")
    assert "is not what `train.csv.dvc` says" in note


def test_a_damaged_cache_is_found_though_the_file_is_right(project: Path) -> None:
    """DVC would bring these bytes at the next checkout."""
    cached(project).write_text("a\n9\n")
    same, cache, note = told(project)
    assert (same, cache) == (True, "damaged")
    assert "does not hash to its name" in note


@pytest.mark.parametrize(
    ("case", "expected"),
    [("no object", (True, "absent")), ("large", (None, "not read")), ("gone", (None, "whole"))],
)
def test_what_is_not_known_is_said(project: Path, case: str, expected: tuple[bool | None, str]) -> None:
    """Never that it is as told."""
    if case == "no object":
        cached(project).unlink()
    if case == "gone":
        (project / "train.csv").unlink()
    same, cache, note = told(project, **({"most_bytes": 1} if case == "large" else {}))
    assert (same, cache) == expected
    assert bool(note) == (same is None)


def test_no_more_is_read_than_may_be(project: Path) -> None:
    """What comes after is not compared, and not said to be right."""
    other = project / "other.csv"
    other.write_text("a\n1\n")
    (project / "other.csv.dvc").write_text((project / "train.csv.dvc").read_text().replace("train", "other"))
    found = dvc_revisions([str(other), str(project / "train.csv")], folder=str(project), in_all=5)
    assert [each.same for each in found] == [True, None]


def test_a_file_without_a_pointer_is_not_told(project: Path) -> None:
    """DVC says nothing of it."""
    (project / "other.csv").write_text("b\n")
    assert dvc_revisions([str(project / "other.csv")], folder=str(project)) == ()


def test_dvc_itself_sees_none_of_it(tmp_path: Path) -> None:
    """With the real program: the cache damaged, the file brought from it, and `dvc status` content; we are not."""
    pytest.importorskip("dvc", reason="not in the development set; `make trackers` has it")
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}

    def dvc(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", *words],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    dvc("init", "-q")
    (tmp_path / "train.csv").write_text("a\n1\n")
    dvc("add", "-q", "train.csv")
    assert told(tmp_path)[:2] == (True, "whole")
    (damaged,) = (each for each in (tmp_path / ".dvc" / "cache" / "files").rglob("*") if each.is_file())
    damaged.chmod(0o644)
    damaged.write_text("a\n9\n")
    damaged.chmod(0o444)  # DVC takes such an object's word
    (tmp_path / "train.csv").unlink()
    dvc("checkout", "-q")
    assert (tmp_path / "train.csv").read_text() == "a\n9\n"
    assert "up to date" in dvc("status")
    assert told(tmp_path)[:2] == (False, "damaged")
