"""The slow part of the environment is found out by a process of its own, with the same result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.environments import apart
from jupyter_repro.environments.capture import capture_environment
from jupyter_repro.records import Git, Missing

HERE = Path(__file__).parent


def test_it_is_the_same_as_found_out_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages, conda and revision; also of a path that only this process has."""
    info = tmp_path / "site" / "only_here-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: only-here\nVersion: 2.5\n")
    monkeypatch.syspath_prepend(str(info.parent))
    found = apart.slow_part_apart(HERE)
    assert found is not None
    assert found == apart.slow_part(HERE)
    assert ("only-here", "2.5") in {(each.name, each.version) for each in found[0]}
    assert isinstance(found[2], (Git, Missing))
    nowhere = apart.slow_part_apart(None)
    assert nowhere is not None
    assert nowhere[2] == Missing("the notebook's folder is not known")


def test_modules_of_ours_and_variables_do_not_stand_in_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the files beside it, nor what `PYTHONPATH` and the working folder offer."""
    for name in ("json.py", "subprocess.py", "git.py"):
        (tmp_path / name).write_text("raise RuntimeError('not this one')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, ""])
    expected = apart.slow_part(HERE)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])  # as in a kernel
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert apart.slow_part_apart(HERE) == expected


@pytest.mark.parametrize("executable", ["", "/there/is/no/python", sys.executable])
def test_where_no_process_answers_it_is_found_out_here(
    executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is the same, later."""
    expected = capture_environment(HERE, libraries=False)
    monkeypatch.setattr(sys, "executable", executable)
    if executable == sys.executable:  # it starts, and cannot find us
        monkeypatch.setattr(apart, "__file__", os.devnull)
    assert apart.slow_part_apart(HERE) is None
    assert capture_environment(HERE, libraries=False, apart=True).packages == expected.packages


def test_an_interrupt_of_the_kernel_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in a session of its own, and comes last where all processors are busy."""
    started: list[Any] = []
    run = subprocess.run

    def noted(command: Any, **more: Any) -> Any:
        started.append((command, more))
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", noted)
    apart.slow_part_apart(None)
    ((command, more),) = [each for each in started if each[0][-1] == apart.__file__]
    assert command == [sys.executable, "-I", apart.__file__]
    assert more["start_new_session"]
