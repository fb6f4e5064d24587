"""From a notebook to a bundle, and back on another environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.export import Exported, ExportOptions, export
from jupyter_repro.bundle.options import Waiver
from jupyter_repro.bundle.verify import verify
from jupyter_repro.errors import BadNotebook, BadWord, ExportRefused, RunFailed, Stopped, StorageFailed
from jupyter_repro.records import SeedPlan

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.bundle.progress import ExportEvent

_DRAW = "0.6394267984578837"


def _cell(name: str, source: str, shown: str | None = None) -> dict[str, Any]:
    output = {
        "output_type": "execute_result",
        "data": {"text/plain": shown},
        "metadata": {},
        "execution_count": 1,
    }
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": source,
        "execution_count": None if shown is None else 1,
        "outputs": [] if shown is None else [output],
    }


def _notebook(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "numbers.csv").write_text("1\n2\n")
    (folder / "helper.py").write_text("def total(text):\n    return sum(map(int, text.split()))\n")
    cells = [
        _cell("sum", "import helper\nhelper.total(open('numbers.csv').read())", "3"),
        _cell("draw", "import random\nrandom.random()", _DRAW),
        _cell("old", "1 + 1", "3"),
        _cell("new", "config = {'depth': 3, 'pwd': 1}\nprint({'a', 'b', 'c'})"),
    ]
    node = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


_WAIVER = Waiver(code="RP801", reason="the lesson is a wrong number")


def _export(notebook: Path, output: Path, python: str = sys.executable, **more: Any) -> Exported:
    plan = SeedPlan(seed=42, strictness="strict")
    more = {"waivers": (_WAIVER,), **more}
    return export(notebook, options=ExportOptions(output=output, plan=plan, python=python, **more))


@pytest.fixture(scope="module")
def exported(kernel_venv: str, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """One bundle that the tests below look at."""
    folder = tmp_path_factory.mktemp("project")
    return _export(_notebook(folder), folder / "paper.repro.zip", kernel_venv)


@pytest.mark.slow
def test_saved_outputs_are_judged(exported: Exported) -> None:
    """Each shown output is compared with the canonical run, and what differs is a finding."""
    assert {cell.id: cell.verdict for cell in exported.cells} == {
        "sum": "identical",
        "draw": "identical",
        "old": "differs",
        "new": "not run",
    }
    found = {(finding.code, finding.cell) for finding in exported.findings}
    assert {("RP801", "old"), ("RP802", "new"), ("RP810", None), ("RP815", None)} == found
    assert "2 of 3 shown cells agree with a fresh run, 1 waived" in exported.sentence()


@pytest.mark.slow
def test_what_is_waived_is_for_every_reader(exported: Exported) -> None:
    """Recipe and README carry the finding and the author's reason."""
    with zipfile.ZipFile(exported.path) as archive:
        recipe = json.loads(archive.read("repro.json"))
        readme = archive.read("README.md").decode()
    (told,) = recipe["waivers"]
    assert (told["code"], told["reason"], told["cell"]) == ("RP801", _WAIVER.reason, "old")
    assert f"({_WAIVER.reason})" in readme or _WAIVER.reason in readme


@pytest.mark.slow
def test_a_refused_export_writes_nothing(tmp_path: Path) -> None:
    """What differs from a fresh run keeps the file from being written; the old one stays."""
    notebook = _notebook(tmp_path)
    (tmp_path / "x.zip").write_bytes(b"old")
    with pytest.raises(ExportRefused, match="RP801 not reproduced: the outputs shown at cell 3 differ"):
        _export(notebook, tmp_path / "x.zip", waivers=())
    assert (tmp_path / "x.zip").read_bytes() == b"old"


@pytest.mark.slow
def test_it_can_be_ended_at_a_cell(tmp_path: Path) -> None:
    """A cell that runs is interrupted with its kernel; steps and cells were told until then."""
    notebook = _notebook(tmp_path)
    node = json.loads(notebook.read_text())
    node["cells"].append(_cell("long", "import time\ntime.sleep(600)"))
    notebook.write_text(json.dumps(node))
    (tmp_path / "x.zip").write_bytes(b"old")
    stop = threading.Event()
    events: list[ExportEvent] = []

    def listen(event: ExportEvent) -> None:
        events.append(event)
        if event.cell == "cell 5":
            threading.Timer(0.5, stop.set).start()

    with pytest.raises(Stopped):
        _export(notebook, tmp_path / "x.zip", progress=listen, stop=stop)
    assert [event.cell for event in events if event.cell] == [f"cell {n}" for n in range(1, 6)]
    assert (events[0].step, events[0].number, events[0].of) == ("read", 1, 5)
    assert (tmp_path / "x.zip").read_bytes() == b"old"
    assert not list(tmp_path.glob(".jr-*"))


@pytest.mark.slow
def test_members(exported: Exported) -> None:
    """The bundle holds what the format names, and nothing tells where the author works."""
    with zipfile.ZipFile(exported.path) as archive:
        names = set(archive.namelist())
        recipe = json.loads(archive.read("repro.json"))
        texts = b"".join(archive.read(n) for n in sorted(names) if n.startswith("env/")) + archive.read(
            "repro.json"
        )
    fixed = {"__main__.py", "MANIFEST.sha256", "README.md", "repro.json", "notebook.ipynb", "reference.ipynb"}
    assert fixed <= names
    assert {
        "data/numbers.csv",
        "src/helper.py",
        "verifier/__main__.py",
        "verifier/compare/notebook.py",
    } <= names
    assert [file["path"] for file in recipe["files"]] == ["helper.py", "numbers.csv"]
    assert recipe["seed"].items() >= {"seed": 42, "strictness": "strict"}.items()
    assert recipe["kernel"]["environment"]["PYTHONHASHSEED"] == "0"
    assert str(exported.path.parent).encode() not in texts
    assert os.path.expanduser("~").encode() + b"/" not in texts  # noqa: PTH111 - as the shell spells it


@pytest.mark.slow
def test_the_environment_of_the_run_is_told(exported: Exported) -> None:
    """What cells import, conflicts, the system; nothing that changes from moment to moment."""
    with zipfile.ZipFile(exported.path) as archive:
        facts = json.loads(archive.read("env/environment.json"))
        recipe = json.loads(archive.read("repro.json"))
    assert facts["system"]["libraries"]["reason"] == "no library that computes is imported"
    assert facts["compute"]["absent"]["cuda"]
    assert isinstance(facts["conflicts"], list)
    assert [(each["names"], each["content"]) for each in facts["configs"]] == [
        (["config"], {"depth": 3, "pwd": "[REDACTED:named]"})
    ]
    assert "PATH" in facts["other_variables"]
    assert os.environ["PATH"] not in json.dumps(facts)
    assert set(recipe["author"]) == {"python", "hardware", "packages", "variables", "git", "gpus"}
    assert set(recipe["author"]["packages"][0]) == {"name", "version", "origin"}


def _commits(exported: Exported) -> list[Any]:
    """Return the revisions of packages installed from a work tree, as the bundle tells them."""
    with zipfile.ZipFile(exported.path) as archive:
        packages = json.loads(archive.read("env/environment.json"))["packages"]
    return [each.get("source") for each in packages]


@pytest.mark.slow
def test_same_facts_same_bytes(exported: Exported, kernel_venv: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Working folder, umask and the hour of the day leave no trace."""
    monkeypatch.chdir("/")
    old = os.umask(0o077)
    try:
        again = _export(
            exported.path.with_name("nb.ipynb"), exported.path.with_name("again.zip"), kernel_venv
        )
    finally:
        os.umask(old)
    if _commits(again) != _commits(exported):
        pytest.skip("an installed package's repository moved on between the two exports: other facts")
    assert again.bundle_id == exported.bundle_id
    assert again.path.read_bytes() == exported.path.read_bytes()


@pytest.mark.slow
def test_a_stranger_reproduces_it(exported: Exported, tmp_path: Path) -> None:
    """The file runs by itself: rebuilt environment, fresh kernel, every cell the same."""
    done = subprocess.run(
        [sys.executable, "-I", str(exported.path), "--output", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads((tmp_path / "report.json").read_text())
    assert done.returncode == 0, (done.stdout, done.stderr, report)
    assert [cell["verdict"] for cell in report["cells"]] == ["identical"] * 4


@pytest.mark.slow
def test_one_changed_byte_is_refused(exported: Exported, tmp_path: Path) -> None:
    """Tampering is told as such, by the Python door too."""
    raw = exported.path.read_bytes()
    (tmp_path / "x.zip").write_bytes(raw.replace(b"1\n2\n", b"1\n3\n"))
    assert raw != (tmp_path / "x.zip").read_bytes()
    report = verify(tmp_path / "x.zip", output=tmp_path)
    assert report["exit_code"] == 5
    assert json.loads((tmp_path / "report.json").read_text()) == report


@pytest.mark.parametrize(
    ("output", "error", "reason"),
    [
        ("paper.tar", BadWord, "does not end in .zip"),
        ("no/such/folder/paper.zip", StorageFailed, "the folder does not exist"),
        ("nb.ipynb/paper.zip", StorageFailed, "its parent is not a folder"),
        ("folder.zip", StorageFailed, "a folder has that name"),
    ],
)
def test_bad_output_is_told_before_anything_runs(
    tmp_path: Path, output: str, error: type[Exception], reason: str
) -> None:
    """The long run does not start for a bundle that cannot be written."""
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(error, match=reason):
        _export(_notebook(tmp_path), tmp_path / output)


def test_no_notebook(tmp_path: Path) -> None:
    """A missing notebook is told in one line."""
    with pytest.raises(BadNotebook, match="cannot read"):
        _export(tmp_path / "gone.ipynb", tmp_path / "x.zip")


@pytest.mark.slow
def test_a_failed_export_leaves_the_old_bundle(tmp_path: Path) -> None:
    """Nothing is half-written."""
    notebook = _notebook(tmp_path)
    (tmp_path / "numbers.csv").unlink()
    (tmp_path / "x.zip").write_bytes(b"old")
    with pytest.raises(RunFailed, match="cell 1 fails in a fresh kernel: FileNotFoundError"):
        _export(notebook, tmp_path / "x.zip")
    assert (tmp_path / "x.zip").read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} >= {"x.zip", "nb.ipynb"}
    assert not list(tmp_path.glob(".jr-*"))
