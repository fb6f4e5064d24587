"""Exports of other kinds: without a run, with a quick variant, for double-blind review, planned."""

from __future__ import annotations

import json
import socket
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.export import Exported, ExportOptions, export
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.bundle.options import Waiver
from jupyter_repro.bundle.plan import plan_export
from jupyter_repro.bundle.verify import verify
from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import Missing, SeedPlan
from jupyter_repro.records.catalog import RanCell, Run, RunInput

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def _cell(name: str, source: str, text: str = "", *tags: str) -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return {"cell_type": "code", "id": name, "metadata": {"tags": list(tags)}, "source": source,
            "outputs": [output] if text else [], "execution_count": 1}  # fmt: skip


def _notebook(folder: Path, *, place: str = "here") -> Path:
    (folder / "n.csv").write_text("1\n2\n")
    cells = [
        _cell("steps", "import os\nSTEPS = 1 if os.environ.get('JUPYTER_REPRO_QUICK') else 1000"),
        _cell("long", "total = sum(range(10**6))\nprint(total)", "499999500000\n"),
        _cell("read", "rows = open('n.csv').read().split()"),
        _cell("smoke", "print(STEPS, rows)", "1000 ['1', '2']\n", "repro-smoke"),
        _cell("where", f"print({place!r})", f"{place}\n"),
    ]
    node = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"authors": [{"name": "Ada Byron"}]},
        "cells": cells,
    }
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return path


def _export(notebook: Path, **more: Any) -> Exported:
    output = notebook.with_name("x.zip")
    return export(notebook, options=ExportOptions(output=output, **more))


@pytest.fixture(scope="module")
def anonymous(kernel_venv: str, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """One anonymous bundle with a quick variant and a file by address."""
    return _export(_notebook(tmp_path_factory.mktemp("ways")), python=kernel_venv, anonymous=True)


def test_the_quick_variant(anonymous: Exported, tmp_path: Path) -> None:
    """It runs the tagged cell and what it needs, against a reference of its own, and says how little that is."""
    report = verify(anonymous.path, output=tmp_path, quick=True, sandbox="if-possible")
    assert report["exit_code"] == 0, report["headline"]
    assert [row["label"] for row in report["cells"]] == ["cell 1", "cell 3", "cell 4"]
    assert report["headline"].endswith("only the quick variant was run (3 of 5 cells)")
    with zipfile.ZipFile(anonymous.path) as archive:
        quick = json.loads(archive.read("reference-quick.ipynb"))
    assert [cell["outputs"][0]["text"] for cell in quick["cells"] if cell["outputs"]] == ["1 ['1', '2']\n"]


def test_nobody_is_named(anonymous: Exported) -> None:
    """Neither author nor machine, repository or folder."""
    with zipfile.ZipFile(anonymous.path) as archive:
        names = archive.namelist()
        content = b"".join(
            archive.read(name) for name in names if not name.startswith(("verifier/", "wheels/"))
        )
    assert not any(name.startswith("source/") for name in names)
    for text in ("Ada Byron", socket.gethostname(), str(anonymous.path.parent)):
        assert text.encode() not in content


def test_a_name_that_is_left_refuses(kernel_venv: str, tmp_path: Path) -> None:
    """An output that tells the project's folder keeps the file from being written."""
    with pytest.raises(ExportRefused, match="not be anonymous: the folder of the project in") as caught:
        _export(_notebook(tmp_path, place=str(tmp_path)), python=kernel_venv, anonymous=True)
    assert "notebook.ipynb" in caught.value.message
    assert not (tmp_path / "x.zip").exists()


def _record(notebook: Path) -> Run:
    cells = [
        RanCell(id=str(cell.id), label=cell.label, source=cell.digest, outputs=None, verdict="reproduced", duration_s=3.0)
        for cell in read_notebook(notebook).cells
    ]  # fmt: skip
    return Run(id="x", kind="session", made=0.0, kernel="", notebook="nb.ipynb", code=Missing("none"), environment="",
               inputs=(RunInput(resource="file:n.csv", digest="1"),), cells=tuple(cells))  # fmt: skip


def test_without_a_run(kernel_venv: str, tmp_path: Path) -> None:
    """The saved outputs are the reference, the files those on record, and everything says `not proven`."""
    notebook = _notebook(tmp_path)
    node = json.loads(notebook.read_text())
    node["cells"][3]["metadata"] = {}
    notebook.write_text(json.dumps(node))
    made = _export(notebook, prove=False, run=_record(notebook), plan=SeedPlan(seed=1), python=kernel_venv)
    assert "not proven" in made.sentence()
    assert {"RP813"} <= {finding.code for finding in made.findings}
    with zipfile.ZipFile(made.path) as archive:
        recipe = json.loads(archive.read("repro.json"))
        assert "## Not proven" in archive.read("README.md").decode()
    assert recipe["proven"] is False
    assert [file["path"] for file in recipe["files"]] == ["n.csv"]


def test_without_a_run_of_an_edited_notebook(tmp_path: Path) -> None:
    """What was edited since refuses it, unless its author answers for it."""
    notebook = _notebook(tmp_path)
    record = _record(notebook)
    notebook.write_text(notebook.read_text().replace("total = sum", "total = +sum"))
    with pytest.raises(ExportRefused, match="cell 2 was edited after the run on record"):
        _export(notebook, prove=False, run=record)


def test_a_plan_runs_nothing(tmp_path: Path) -> None:
    """Parts, sizes and time by the record of the last run; what does not fit is told."""
    notebook = _notebook(tmp_path)
    (tmp_path / "n.csv").write_bytes(b"1" * 5000)
    options = ExportOptions(output=tmp_path / "x.zip", max_data=100, calibrate=1, run=_record(notebook))
    plan = plan_export(notebook, options=options)
    lines = list(plan.lines())
    assert lines[0] == "5 cells in 2 runs from top to bottom: about 30 s"
    assert lines[1] == "quick variant: 3 cells"
    assert {"notebook and reference", "data", "modules", "by address", "wheels", "program"} == {
        part.name for part in plan.parts
    }
    assert any("1 without an address: the export would be refused" in line for line in lines)
    assert [line for line in lines if line.startswith("would be refused: RP803 `n.csv`")]
    assert not (tmp_path / "x.zip").exists()


def test_data_by_address(kernel_venv: str, tmp_path: Path) -> None:
    """A file over the budget without an address is missing data; the author may answer for it."""
    notebook = _notebook(tmp_path)
    waived = Waiver(code="RP803", reason="it is under a licence")
    made = _export(notebook, max_data=3, waivers=(waived,), python=kernel_venv)
    with zipfile.ZipFile(made.path) as archive:
        assert "data/n.csv" not in archive.namelist()
        recipe = json.loads(archive.read("repro.json"))
    assert recipe["files"][0].items() >= {"path": "n.csv", "member": "", "url": "", "size": 4}.items()
    assert recipe["waivers"][0]["message"].startswith("`n.csv` (4 bytes) does not fit into the bundle")
    assert recipe["waivers"][0]["reason"] == "it is under a licence"
