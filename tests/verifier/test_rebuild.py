"""What rebuilding decides before it builds: which uv, and what is another on this machine."""

from __future__ import annotations

import importlib.util
import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import uv

from jupyter_repro.verifier import rebuild as module
from jupyter_repro.verifier.errors import BuildFailed
from jupyter_repro.verifier.rebuild import find_uv, platform_differences
from jupyter_repro.verifier.recipe import Recipe

if TYPE_CHECKING:
    from pathlib import Path


def test_the_uv_that_runs_us_comes_first(tmp_path: Path) -> None:
    """The variable UV that `uv run` sets is taken if there is such a file."""
    told = tmp_path / "uv"
    told.write_bytes(b"")
    assert find_uv({"UV": str(told)}) == [str(told)]
    assert find_uv({"UV": str(tmp_path / "gone")}) != [str(tmp_path / "gone")]


def test_the_module_is_the_last_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without uv on PATH or beside Python, `python -m uv` runs; without that, there is none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(module.sys, "executable", str(tmp_path / "python"))
        assert find_uv({}) == [str(tmp_path / "python"), "-m", "uv"]
        patch.setattr(importlib.util, "find_spec", lambda _name: None)
        assert find_uv({}) is None
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("uv ")
    assert uv.find_uv_bin()


@pytest.mark.parametrize(
    ("author", "told"),
    [
        ({}, []),
        ({"system": platform.system(), "machine": platform.machine()}, []),
        ({"system": "Plan9"}, [f"the system is {platform.system()}, the author's was Plan9"]),
        ({"machine": "mips"}, [f"the machine is {platform.machine()}, the author's was mips"]),
    ],
)
def test_platforms(author: dict[str, str], told: list[str]) -> None:
    """Another system or processor is told; it weakens every verdict."""
    assert told == platform_differences(Recipe(notebook="n.ipynb", python={}, platform=author))


@pytest.mark.parametrize("same", [True, False], ids=["the author's version", "another"])
def test_which_python_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, same: bool) -> None:
    """The author's version; the one that runs us, though no PATH leads to it, only where it is that; then its series."""
    wanted = platform.python_version() if same else "3.11.99"
    asked = []

    def refuse(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command[command.index("--python") + 1])
        return subprocess.CompletedProcess(command, 1, "", "there is none")

    monkeypatch.setattr(module, "run_tool", refuse)
    job = module._Job(tmp_path, tmp_path / "new", wanted, tmp_path, module.BuildOptions())
    with pytest.raises(BuildFailed, match="there is none"):
        module._uv_venv(["uv"], job)
    assert asked == [wanted, *([sys.executable] if same else []), job.minor]
