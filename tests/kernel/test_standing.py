"""What the run stands on is captured beside the cells, and told when it is asked for."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jupyter_repro
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel import standing
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.records import Environment, Git, Missing
from jupyter_repro.records.drift import Drift
from jupyter_repro.store.sidecar import read_sidecar

if TYPE_CHECKING:
    from tests.conftest import Bench  # pragma: no cover


def waited(ask: Any) -> Any:
    """Return what is asked for as soon as it is there."""
    for _ in range(600):
        found = ask()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("it never came")


def test_the_first_cell_begins_the_capture_and_a_file_holds_it(bench: Bench, tmp_path: Path) -> None:
    """Without being asked, in a thread, beside the journal."""
    bench.write(a="x = 1")
    bench.run("a")
    path = waited(lambda: next(iter((tmp_path / ".jupyter_repro").glob("env-*.json")), None))
    found = read_sidecar(path)
    assert found.start.packages
    assert found.start.system is not None
    assert isinstance(found.start.system.libraries, Missing)
    assert path.name.replace("env-", "run-").replace(".json", ".jsonl") in {
        each.name for each in path.parent.iterdir()
    }


def test_a_kernel_that_ends_at_once_is_not_captured(
    new_shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first cells come first; nothing is left running."""
    monkeypatch.setattr(standing, "_WAIT_S", 60.0)
    shell = new_shell()
    shell.run_line_magic("load_ext", "jupyter_repro")
    shell.run_cell("x = 1", store_history=True)
    shell.run_line_magic("unload_ext", "jupyter_repro")
    waited(lambda: not any(each.name == "jupyter_repro environment" for each in threading.enumerate()))
    assert list((tmp_path / ".jupyter_repro").glob("env-*.json")) == []


def test_the_capture_waits_for_a_moment_in_which_no_cell_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """But not for long, and not after the end."""
    monkeypatch.setattr(standing, "_LOOK_S", 0.001)
    asked: list[bool] = []

    def made(answers: list[bool]) -> standing.Standing:
        def busy() -> bool:
            asked.append(True)
            return answers.pop(0) if answers else False

        return standing.Standing(
            "k",
            busy=busy,
            folder=Path,
            place=lambda: None,
            sources=list,
            python_of=str,
            before=frozenset(),
            opened=lambda _: Drift(),
            ended=lambda _: None,
        )

    assert made([True, True])._a_good_moment()
    assert len(asked) == 3
    assert made([True] * 2001)._a_good_moment()
    gone = made([True, True])
    gone.close()
    assert not gone._a_good_moment()


def test_the_file_follows_what_cells_import_and_what_was_asked_for(bench: Bench, tmp_path: Path) -> None:
    """Names of modules without being asked; everything once it is asked."""
    bench.write(a="x = 1", b="import nbformat.v4", c="from msgspec import json", d="import no_such_module")
    bench.run("a")
    path = waited(lambda: next(iter((tmp_path / ".jupyter_repro").glob("env-*.json")), None))
    bench.run("b", "c", "d")
    waited(lambda: read_sidecar(path).imported == ("nbformat", "msgspec"))
    assert read_sidecar(path).latest is None
    asked = jupyter_repro.environment(bench.shell)
    waited(lambda: read_sidecar(path).latest == asked)


def test_the_table_tells_what_cells_import(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, its version and who imports it."""
    bench.write(a="import msgspec, nbformat", b="%repro env")
    bench.run("a")
    capsys.readouterr()
    bench.run("b")
    text = capsys.readouterr().out
    assert "Python " in text
    assert [line for line in text.splitlines() if line.startswith("nbformat") and "by cells" in line]
    assert not [line for line in text.splitlines() if line.startswith("ruff ")]


def test_json_and_python_give_the_same_facts(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """`%repro env json` is what `jupyter_repro.environment()` returns."""
    bench.write(a="x = 1", b="%repro env json")
    bench.run("a")
    capsys.readouterr()
    bench.run("b")
    told = json.loads(capsys.readouterr().out)
    found = jupyter_repro.environment(bench.shell)
    assert isinstance(found, Environment)
    assert told["packages"][0]["name"] == found.packages[0].name
    assert told["conflicts"] == list(found.conflicts or ())


def test_what_was_asked_for_is_judged_in_the_status(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Conflicts take long to find, so the status tells them only once somebody has looked."""
    monkeypatch.setattr("jupyter_repro.environments.now.conflicts", lambda: ("a 1 requires b",))
    bench.write(a="x = 1", b="%repro env")
    bench.run("a")
    assert "RP402" not in {finding.code for finding in bench.status().findings}
    bench.run("b")
    assert "conflict: a 1 requires b" in capsys.readouterr().out
    assert "RP402" in {finding.code for finding in bench.status().findings}


def test_outside_of_a_kernel() -> None:
    """The same facts; nobody knows which packages a notebook names."""
    found = jupyter_repro.environment()
    assert not [each for each in found.packages if each.imported == "cells"]
    assert {each.name: each.imported for each in found.packages}["pytest"] == "libraries"


def test_a_package_that_a_cell_installs_is_a_change_from_there_on(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told with the run and the cell; what ran before had another environment."""
    monkeypatch.setattr("jupyter_repro.kernel.standing._LOOK_AT_SITES_S", 0.0)  # the cells take no time
    site = tmp_path / "venv" / "site-packages"
    site.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))
    info = f"{str(site)!r} + '/tool-1.0.dist-info'"
    bench.write(
        a="x = 1",
        b=f"import pathlib\nd = pathlib.Path({info})\nd.mkdir()\n"
        "_ = (d / 'METADATA').write_text('Name: tool\\nVersion: 1.0\\n')",
        c="y = 2",
    )
    bench.run_all()
    session = session_of(bench.shell)
    assert session is not None
    (change,) = session.standing.changes
    assert (change.name, change.before, change.after, change.order, change.cell) == (
        "tool",
        None,
        "1.0",
        2,
        "b",
    )
    (finding,) = [each for each in bench.status().findings if each.code == "RP401"]
    assert (finding.cell, finding.severity) == ("b", "warning")
    found = jupyter_repro.environment(bench.shell)
    assert found.changes == (change,)
    assert {each.name: each.version for each in found.packages}["tool"] == "1.0"


def test_pip_in_mid_session_is_drift_from_that_cell_on(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real `%pip install`: the run that did it, the cells after it, and the finding."""
    site = tmp_path / "venv" / "site-packages"
    site.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(site))
    wheel = tmp_path / "late_tool-1.5-py3-none-any.whl"
    with unwatched(), zipfile.ZipFile(wheel, "w") as archive:
        info = "late_tool-1.5.dist-info"
        archive.writestr("late_tool.py", "VALUE = 3\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: late-tool\nVersion: 1.5\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    options = "--quiet --no-index --no-deps --no-input --disable-pip-version-check --root-user-action ignore"
    bench.write(
        a="x = 1",
        b=f"%pip install {options} --target {site} {wheel}",
        c="import late_tool\ny = late_tool.VALUE",
    )
    bench.run_all()
    found = jupyter_repro.environment(bench.shell)
    (change,) = found.changes
    assert (change.name, change.before, change.after, change.order, change.cell) == (
        "late-tool",
        None,
        "1.5",
        2,
        "b",
    )
    (package,) = [each for each in found.packages if each.name == "late-tool"]
    assert (package.origin, package.imported) == ("archive", "cells")
    (finding,) = [each for each in bench.status().findings if each.code == "RP401"]
    assert finding.cell == "b"


def test_recording_does_not_dirty_the_notebook_or_its_repository(bench: Bench, tmp_path: Path) -> None:
    """Neither its bytes nor its time change, and git sees nothing new."""

    def git(*words: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *identity, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    bench.write(
        a="x = 1",
        b="%repro seed=42",
        c="import random\ny = random.random()",
        d="%repro status",
        e="%repro env",
    )
    with unwatched():
        git("init", "-q")
        (tmp_path / ".git" / "info" / "exclude").write_text("/ipython/\n")  # the shell's own, not ours
        git("add", "analysis.ipynb")
        git("commit", "-qm", "one")
    before = bench.path.read_bytes(), bench.path.stat().st_mtime_ns
    bench.run_all()
    session = session_of(bench.shell)
    assert session is not None
    session.standing.capture_start()
    assert list((tmp_path / ".jupyter_repro").glob("env-*.json"))
    assert (bench.path.read_bytes(), bench.path.stat().st_mtime_ns) == before
    assert git("status", "--porcelain") == ""
    state = jupyter_repro.environment(bench.shell).git
    assert isinstance(state, Git)
    assert (state.dirty, state.untracked) == (False, ())


@pytest.mark.skipif(sys.platform == "win32", reason="the programs are those of a POSIX shell")
def test_programs_that_cells_call_are_told_with_their_versions(bench: Bench) -> None:
    """Through subprocess, a shell or a line of the shell; our own calls are none."""
    bench.write(
        a="import subprocess\nsubprocess.run(['git', '--version'], stdout=-3)",
        b="import os\n_ = os.system('sed --version > /dev/null; ls > /dev/null')",
        c="_ = subprocess.run('git status; true', shell=True, stdout=-3, stderr=-3)",
        d="!git --version > /dev/null",
        e="x = 1",
    )
    bench.run_all()
    system = jupyter_repro.environment(bench.shell).system
    assert system is not None
    found = {each.name: each for each in system.programs}
    assert found["git"].cells == (1, 3, 4)
    assert str(found["git"].version).startswith("git version")
    assert found["sed"].cells == (2,)
    assert "ls" not in found


def test_devices_are_shown_and_sampling_says_why_not(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the binding there is nothing to ask; the cells go on."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    bench.write(a="%repro gpu", b="%repro gpu sample=on", c="%repro gpu sample off", d="x = 1")
    bench.run_all()
    text = capsys.readouterr().out
    assert "There is no GPU: nvidia-ml-py is not installed." in text
    assert "repro: the GPUs are not looked at: nvidia-ml-py is not installed" in text
    assert "not looked at any more" in text
    assert bench.shell.user_ns["x"] == 1


def test_hand_edited_files_are_found_when_asked_for(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads every file, so only on request."""
    monkeypatch.setattr(
        "jupyter_repro.bundle.edited.edited_files", lambda _: {"msgspec": ("msgspec/core.py",)}
    )
    bench.write(a="%repro env check")
    bench.run("a")
    text = capsys.readouterr().out
    assert "reading the files of" in text
    assert [
        line for line in text.splitlines() if line.startswith("edited by hand") and "msgspec/core.py" in line
    ]
