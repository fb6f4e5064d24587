"""What a checkpoint says of where it was saved: run, commit, environment, data; and what of it is other now."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro import checkpoint
from jupyter_repro.inputs.manifest import MANIFEST
from jupyter_repro.kernel import checkpoint_run

pytest.importorskip("safetensors", reason="the extra `checkpoints`")

if TYPE_CHECKING:
    from pathlib import Path


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a commit and a manifest of data, as the working folder of a process that begins."""
    (tmp_path / MANIFEST).write_text("first", encoding="utf-8")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "one")
    monkeypatch.chdir(tmp_path)
    checkpoint_run._standing.cache_clear()
    return tmp_path


def _manifest(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((path / "manifest.json").read_bytes())
    return held


def test_it_names_run_commit_environment_and_data(project: Path) -> None:
    """Each by its digest; two saves of one process are of one run."""
    saved = checkpoint.save("{run}/1")
    held = _manifest(saved.path)
    assert held["run"] == saved.path.parent.name == _manifest(checkpoint.save("{run}/2").path)["run"]
    assert held["code"]["commit"] == _git(project, "rev-parse", "HEAD")
    assert held["data"] == hashlib.sha256(b"first").hexdigest()
    environment = (saved.path / "environment.json").read_bytes()
    assert held["environment"] == hashlib.sha256(environment).hexdigest()
    assert {"python", "packages"} <= json.loads(environment).keys()


def test_what_is_other_is_told(project: Path) -> None:
    """Another commit and other data, in a later process."""
    saved = checkpoint.save("one")
    assert checkpoint.load(saved.path).differences == ()
    (project / MANIFEST).write_text("second", encoding="utf-8")
    _git(project, "commit", "-qam", "two")
    checkpoint_run._standing.cache_clear()
    told = [each.partition(":")[0] for each in checkpoint.load(saved.path).differences]
    assert told == ["the manifest of data", "the code's commit"]


def test_what_is_not_there_has_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository and no manifest of data: a sentence in the place of each digest."""
    monkeypatch.chdir(tmp_path)
    checkpoint_run._standing.cache_clear()
    held = _manifest(checkpoint.save("one").path)
    assert "no data are tracked here" in str(held["data"])
    assert held["code"].keys() == {"reason"} or "reason" in str(held["code"])
