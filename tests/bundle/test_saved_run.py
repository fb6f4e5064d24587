"""Without a run, the record of the last one tells what was read and what is not to be trusted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.bundle.saved_run import findings_of_record, saved_run
from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import Missing, SeedPlan
from jupyter_repro.records.catalog import RanCell, Run, RunInput

if TYPE_CHECKING:
    from pathlib import Path


def _notebook(folder: Path) -> Notebook:
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "metadata": {"execution": {"x": 1}}, "source": f"{name} = 1",
         "outputs": [error] if name == "b" else [], "execution_count": 1}
        for name in "abc"
    ]  # fmt: skip
    path = folder / "nb.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return read_notebook(path)


def _run(notebook: Notebook, **changes: str) -> Run:
    ran = [
        RanCell(
            id=str(cell.id),
            label=cell.label,
            source="other" if changes.get(str(cell.id)) == "edited" else cell.digest,
            outputs=None,
            verdict=changes.get(str(cell.id), "reproduced"),
            duration_s=2.0,
        )
        for cell in notebook.cells
        if changes.get(str(cell.id)) != "gone"
    ]
    return Run(
        id="x", kind="session", made=0.0, kernel="", notebook="nb.ipynb", code=Missing("none"), environment="",
        inputs=(RunInput(resource="file:d/x.csv", digest="1"), RunInput(resource="module:helper", digest="2")),
        cells=tuple(ran),
    )  # fmt: skip


def test_what_is_on_record_becomes_the_reference(tmp_path: Path) -> None:
    """Saved outputs, expected errors, files and modules; no volatile metadata."""
    (tmp_path / "helper.py").write_text("")
    notebook = _notebook(tmp_path)
    made = saved_run(notebook, _run(notebook), plan=SeedPlan(seed=1))
    assert made.errors == {"b": "ValueError"}
    assert made.trace.read == (str(tmp_path.resolve() / "d/x.csv"),)
    assert made.trace.modules == (str(tmp_path.resolve() / "helper.py"),)
    assert made.seconds == 6.0
    assert [cell["metadata"] for cell in made.node["cells"]] == [
        {"jupyter_repro": {"ended": ended}} for ended in ("ok", "error", "ok")
    ]


def test_nothing_on_record(tmp_path: Path) -> None:
    """Nobody knows which files it reads: no bundle is made of guesses."""
    with pytest.raises(ExportRefused, match=r"no run of `nb\.ipynb` is on record"):
        saved_run(_notebook(tmp_path), None, plan=SeedPlan())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        (
            {"a": "edited"},
            ["cell 1 was edited after the run on record, and no fresh run was made for the bundle"],
        ),
        ({"b": "gone"}, ["cell 2 has no run on record, and no fresh run was made for the bundle"]),
        (
            {"c": "stale"},
            ["cell 3 was `stale` when it was last looked at, and no fresh run was made for the bundle"],
        ),
    ],
    ids=["fine", "edited", "gone", "stale"],
)
def test_what_refuses_it(tmp_path: Path, changes: dict[str, str], said: list[str]) -> None:
    """A cell that is not as it ran, or was not reproduced, is a reason; `not proven` is always told."""
    notebook = _notebook(tmp_path)
    found = list(findings_of_record(notebook, _run(notebook, **changes)))
    assert [each.message for each in found if each.code == "RP801"] == said
    assert found[-1].code == "RP813"
