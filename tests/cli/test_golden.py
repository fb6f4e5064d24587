"""``jupyter repro golden``: real scripts, functions and notebooks in processes of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.cli.main import main
from jupyter_repro.goldens.file import read_golden

if TYPE_CHECKING:
    from pathlib import Path

_TRAIN = """
import numpy as np
import jupyter_repro

def train(name="r", gain=float(OFF)):
    w = {"w": np.array([1.0, 2.0, 3.0], dtype=np.float32)}
    with jupyter_repro.golden(name) as g:
        g.start(w)
        for step in range(6):
            w["w"] = (w["w"] * np.float32(0.75) * np.float32(1 + gain)).astype(np.float32)
            g.log(step, loss=w["w"].sum())
        g.final(w)

if __name__ == "__main__":
    train()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a script, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    _write(tmp_path)
    return tmp_path


def _write(folder: Path, off: str = "0.0") -> None:
    (folder / "train.py").write_text(_TRAIN.replace("OFF", off), encoding="utf-8")


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["golden", *arguments])
    return int(stop.value.code or 0)


def test_recorded_checked_calibrated(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The whole way of a script, with exit codes: 0 holds, 1 differs, 2 no reference or one too many."""
    assert _run("check", "train.py") == 2
    assert "there is no reference" in capfd.readouterr().err
    assert _run("record", "train.py") == 0
    assert "recorded golden run `r`: 6 steps, 1 tensor" in capfd.readouterr().out
    assert _run("record", "train.py") == 2
    said = capfd.readouterr().err
    assert "there is a reference" in said
    assert "Traceback" not in said
    assert _run("check", "train.py", "--level", "envelope") == 4
    assert "not calibrated" in capfd.readouterr().err
    assert _run("calibrate", "train.py", "--runs", "1") == 0
    assert "1 run, each with one weight moved by its last bit" in capfd.readouterr().out
    golden = read_golden(project / "goldens/r.golden.json")
    assert golden.calibration is not None
    assert golden.calibration.repeatable
    assert all(0 < step.tolerance["loss"] < 1e-4 for step in golden.steps)
    _write(project, "1e-7")
    assert _run("check", "train.py", "--level", "envelope") == 0
    assert _run("check") == 1
    assert "this run" in capfd.readouterr().out


def test_what_a_failed_check_leaves(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """JSON for programs, a page with the curves, nothing of our own code."""
    assert _run("record", "train.py") == 0
    _write(project, "0.5")
    capfd.readouterr()
    assert _run("check", "train.py", "--json", "--html", "report.html") == 1
    (found,) = json.loads(capfd.readouterr().out)
    assert (found["verdict"], found["differences"][0]["step"], found["differences"][0]["key"]) == (
        "differs",
        0,
        "loss",
    )
    page = (project / "report.html").read_text(encoding="utf-8")
    assert "they part at step 0" in page
    assert "http" not in page


def test_a_function_and_its_folder(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`module:function` from the working folder; the target is kept for a check without one."""
    assert _run("record", "train:train", "--folder", "refs") == 0
    assert read_golden(project / "refs/r.golden.json").target == "train:train"
    assert _run("check", "--folder", "refs") == 0
    assert "bit for bit" in capfd.readouterr().out
    assert _run("show", "r", "--folder", "refs") == 0
    assert "recorded  " in capfd.readouterr().out


def _notebook(path: Path, *sources: str) -> None:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for i, source in enumerate(sources)
    ]
    node: dict[str, Any] = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(node), encoding="utf-8")


def test_a_notebook(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a fresh kernel; its own `%repro golden record` line decides nothing there; references lie beside it."""
    from pathlib import Path as Here

    import jupyter_repro

    # the kernel takes our package from where this test takes it
    monkeypatch.setenv("PYTHONPATH", str(Here(jupyter_repro.__file__).parents[1]))
    (project / "nb").mkdir()
    _write(project / "nb")
    lines = ("%load_ext jupyter_repro", "%repro golden record r", "from train import train\ntrain()")
    _notebook(project / "nb/study.ipynb", *lines)
    assert _run("record", "nb/study.ipynb") == 0
    assert read_golden(project / "nb/goldens/r.golden.json").target == "study.ipynb"
    capfd.readouterr()
    assert _run("check", "--folder", "nb/goldens") == 0
    assert "bit for bit" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("record", "no.py"), 2, "there is no file `no.py`"),
        (("record", "train"), 2, "is nothing that can be run"),
        (("record", "train:absent"), 4, "could not be run"),
        (("record", "empty.py"), 4, "has no golden run"),
        (("record", "broken.py"), 4, "ended with exit status 1"),
        (("record", "twice.py"), 2, "two golden runs `a`"),
        (("check", "train.py", "--level", "exact"), 2, "no level"),
        (("check",), 2, "there is no reference in"),
        (("show", "r"), 2, "there is no reference"),
        (("calibrate", "train.py"), 2, "there is no reference"),
    ],
)
def test_slips(project: Path, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str) -> None:  # fmt: skip
    """Each says what and what to do, and writes nothing."""
    (project / "empty.py").write_text("print(1)", encoding="utf-8")
    (project / "broken.py").write_text("1 / 0", encoding="utf-8")
    twice = "import jupyter_repro\nfor _ in 'ab':\n    with jupyter_repro.golden('a') as g:\n        g.log(0, x=1.0)\n"
    (project / "twice.py").write_text(twice, encoding="utf-8")
    assert _run(*arguments) == code
    assert words in capfd.readouterr().err
    assert not (project / "goldens").exists()


def test_what_is_not_run_is_not_passed(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A reference that the script no longer reaches, and one whose command nobody knows, are told."""
    assert _run("record", "train.py") == 0
    path = project / "goldens/r.golden.json"
    other = path.read_text(encoding="utf-8").replace('"name": "r"', '"name": "gone"')
    (project / "goldens/gone.golden.json").write_text(other, encoding="utf-8")
    assert _run("check", "train.py") == 2
    assert "did not run `gone`" in capfd.readouterr().err
    (project / "goldens/gone.golden.json").write_text(
        other.replace('"target": "train.py"', '"target": ""'), encoding="utf-8"
    )
    assert _run("check") == 4
    assert "not checked: `gone`" in capfd.readouterr().err
