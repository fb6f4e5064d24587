"""Environments that are kept: built once, shared by several, built anew if unfinished, removed if unused."""

from __future__ import annotations

import concurrent.futures
import json
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro import verifier
from jupyter_repro.verifier import ways
from jupyter_repro.verifier.environments import environment_of, evict, kept_environments
from jupyter_repro.verifier.recipe import Recipe
from jupyter_repro.verifier.ways import BuildOptions
from jupyter_repro.verifier.workspace import Workspace

from .test_ways import DEAD, _lock, _wheel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps none")
RECIPE = Recipe(notebook="n.ipynb", python={"version": ".".join(map(str, sys.version_info[:3]))}, platform={})


def _workspace(folder: Path) -> Workspace:
    """Return an unpacked bundle of one small wheel."""
    workspace = Workspace(folder)
    digest = _wheel(workspace.locked / "wheels")
    _lock(workspace.locked, digest, DEAD)
    (workspace.locked / "env/records.json").write_text("{}", encoding="utf-8")
    shutil.copytree(Path(verifier.__file__).parent, workspace.tools / "verifier")
    return workspace


def _use(folder: Path, kept: Path, *, meet: threading.Barrier | None = None) -> tuple[Any, list[str]]:
    told: list[str] = []
    options = BuildOptions(offline=True, python=sys.executable)
    with environment_of(_workspace(folder), RECIPE, options=options, folder=kept, tell=told.append) as built:
        if meet is not None:
            meet.wait(30)
        assert list(built.folder.rglob("alpha.py"))
        return built, told


def _built(told: list[str]) -> bool:
    return not any("is kept" in line for line in told)


def test_built_once_for_several_at_once(tmp_path: Path) -> None:
    """Two that come together: one builds, the other waits and then uses it at the same time; a third takes it."""
    meet = threading.Barrier(2)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(_use, tmp_path / name, tmp_path / "kept", meet=meet) for name in ("a", "b")]
        results = [run.result() for run in runs]
    assert sorted(_built(told) for _, told in results) == [False, True]
    again, told = _use(tmp_path / "c", tmp_path / "kept")
    assert not _built(told)
    assert {again.folder, *(built.folder for built, _ in results)} == {
        kept_environments(tmp_path / "kept")[0].folder
    }
    assert again.versions_differ == ("alpha 1.0 (not locked)",)


def test_what_was_not_finished_is_built_anew(tmp_path: Path) -> None:
    """A crash while it was built leaves a folder without facts, or facts without a folder: neither is used."""
    built, _ = _use(tmp_path / "a", tmp_path / "kept")
    facts = built.folder.with_suffix(".json")
    facts.unlink()
    assert _built(_use(tmp_path / "b", tmp_path / "kept")[1])
    shutil.rmtree(built.folder)
    assert _built(_use(tmp_path / "c", tmp_path / "kept")[1])
    facts.write_text("{", encoding="utf-8")
    assert _built(_use(tmp_path / "d", tmp_path / "kept")[1])
    assert json.loads(facts.read_text(encoding="utf-8"))["way"]


def test_removed_when_unused(tmp_path: Path) -> None:
    """Only what is old enough goes, and nothing that is in use."""
    kept = tmp_path / "kept"
    built, _ = _use(tmp_path / "a", kept)
    assert evict(kept, days=1) == []
    os.utime(built.folder.with_suffix(".json"), (0, 0))
    options = BuildOptions(offline=True, python=sys.executable)
    with environment_of(_workspace(tmp_path / "b"), RECIPE, options=options, folder=kept, tell=str):
        os.utime(built.folder.with_suffix(".json"), (0, 0))
        assert evict(kept, days=1) == []
    assert [each.folder for each in evict(kept, days=1, remove=False)] == [built.folder]
    assert built.folder.is_dir()
    assert [each.bytes > 0 for each in evict(kept, days=1)] == [True]
    assert not built.folder.exists()
    assert kept_environments(kept) == []


def test_another_lock_is_another_environment(tmp_path: Path) -> None:
    """One byte of the lock, a wheel, or another Python asked for: another name."""
    first, _ = _use(tmp_path / "a", tmp_path / "kept")
    workspace = _workspace(tmp_path / "b")
    with (workspace.locked / "env/pylock.toml").open("a", encoding="utf-8") as file:
        file.write("# x\n")
    options = BuildOptions(offline=True, python=sys.executable)
    with environment_of(workspace, RECIPE, options=options, folder=tmp_path / "kept", tell=str) as other:
        assert other.folder != first.folder


def test_what_was_made_of_todays_index_is_not_kept(tmp_path: Path) -> None:
    """The last way takes what there is: it serves one verification only."""
    workspace = _workspace(tmp_path / "a")
    locked = workspace.locked / "env/requirements.lock.txt"
    locked.write_text("alpha==1.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    elsewhere = Recipe(notebook="n.ipynb", python=RECIPE.python, platform={"system": "Plan9"})
    options = BuildOptions(offline=True, python=sys.executable)
    with environment_of(workspace, elsewhere, options=options, folder=tmp_path / "kept", tell=str) as built:
        assert (built.way, built.elsewhere) == (ways.BEST_EFFORT, True)
    assert kept_environments(tmp_path / "kept") == []
    assert not built.folder.exists()
