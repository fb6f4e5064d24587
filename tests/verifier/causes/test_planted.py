"""Real kernels, a planted difference for each kind of cause: the first cause told is the planted one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.standing import standing
from jupyter_repro.records import Cell, CellId
from jupyter_repro.verifier.compare.notebook import compare_notebooks
from jupyter_repro.verifier.execute import KernelSpec, execute
from jupyter_repro.verifier.report import Report

if TYPE_CHECKING:
    from pathlib import Path

_SOURCES = {
    "imports": "import os, random, time\nimport numpy as np",
    "hidden draw": "x = random.random()",
    "shows it": "print(x)",
    "uneven draws": "np.random.seed(0)\n_ = np.random.rand(int(os.environ['DRAWS']))",
    "shifted": "np.random.rand()",
    "reseeds": "np.random.seed(1)\nnp.random.rand()",
    "reads": "open('data.csv').read()",
    "writes": "with open('made.txt', 'w') as file:\n    _ = file.write(os.environ['DRAWS'])",
    "reads what was written": "open('made.txt').read()",
    "makes": "rng = np.random.default_rng()",
    "draws": "rng.integers(10**9)",
    "clock": "time.time() % 1",
    "threads": "0.1 + 1e-7 * int(os.environ['OMP_NUM_THREADS'])",
    "no reason": "os.environ['WHO']",
    "uses it": "total = len(os.environ['WHO'])",
    "shows that": "print(total)",
    "missing": "open(os.environ['FILE']).close()",
}
_TAGS = {"tags": ["raises-exception"]}


def _notebook() -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "id": name, "source": source, "metadata": dict(_TAGS), "execution_count": None,
         "outputs": []}
        for name, source in _SOURCES.items()
    ]  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _run(folder: Path, *, data: str, **environment: str) -> dict[str, Any]:
    folder.mkdir()
    (folder / "data.csv").write_text(data, encoding="utf-8")
    (folder / "here").write_text("", encoding="utf-8")
    kernel = KernelSpec(python=sys.executable, cwd=folder, environment=environment)
    return execute(_notebook(), kernel=kernel).notebook


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on two runs of one notebook that differ in what is planted."""
    folder = tmp_path_factory.mktemp("why")
    was = _run(folder / "author", data="1", DRAWS="3", OMP_NUM_THREADS="1", WHO="ada", FILE="here")
    now = _run(folder / "reader", data="2", DRAWS="4", OMP_NUM_THREADS="2", WHO="bo", FILE="gone")
    cells = [Cell(id=CellId(name), source=source, digest="", label=name) for name, source in _SOURCES.items()]
    stands = standing(cells, {})
    for cell in was["cells"]:
        cell["metadata"]["jupyter_repro"]["stands"] = stands[cell["id"]]
    made = Report(bundle="x")
    made.compared(compare_notebooks(was, now), was, now, [])
    return made


@pytest.mark.parametrize(
    ("cell", "kind", "certainty", "words", "since"),
    [
        ("shows it", "cell above", "recorded", "shows no difference, but draws from Python's `random`, which nothing has seeded", "cell 2"),
        ("shifted", "rng", "recorded", "NumPy's global generator was in another state when it began, since cell 4, whose outputs are the same", "cell 4"),
        ("reads", "input", "recorded", "it read `data.csv`, which holds something else than the author's", ""),
        ("reads what was written", "input", "recorded", "`made.txt`, which cell 8 writes and which holds something else here", "cell 8"),
        ("draws", "rng", "recorded", "the generator `rng` was in another state when it began, since cell 10", "cell 10"),
        ("clock", "unrepeatable", "likely", "it reads the clock (`time.time`)", ""),
        ("threads", "machine", "likely", "OMP_NUM_THREADS: 2 here, 1 on the author's machine, and all its numbers are near", ""),
        ("missing", "failure", "recorded", "the file `gone` is not in the bundle", ""),
    ],
)  # fmt: skip
def test_the_planted_cause_comes_first(
    report: Report, cell: str, kind: str, certainty: str, words: str, since: str
) -> None:
    """Kind, certainty, sentence, and the cell where it began."""
    (row,) = (row for row in report.rows if row["id"] == cell)
    first = row["causes"][0]
    assert (kind, certainty, since) == (first["kind"], first["certainty"], first["cell"])
    assert words in first["text"]


def test_equal_cells_have_no_cause(report: Report) -> None:
    """Also where a generator was elsewhere before: the cell seeds it itself."""
    (row,) = (row for row in report.rows if row["id"] == "reseeds")
    assert (row["verdict"], row["causes"], row["unexplained"]) == ("identical", [], "")


def test_the_first_cell_that_diverged(report: Report) -> None:
    """The first with another output, with its first cause."""
    first = report.first_divergence
    assert first is not None
    assert (first["cell"], first["label"]) == ("shows it", "cell 3")
    assert "Python's `random`" in first["why"]


def test_what_is_not_known_is_said(report: Report) -> None:
    """A difference that no record tells has no cause made up for it: only what the machines differ in, as possible."""
    (row,) = (row for row in report.rows if row["id"] == "no reason")
    assert {cause["certainty"] for cause in row["causes"]} == {"possible"}
