"""Notebooks in real kernels, in copies of their project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

import jupyter_repro
from jupyter_repro.errors import BadWord
from jupyter_repro.rng.swept import swept_seed
from jupyter_repro.study.sweep.notebooks import NotebookOptions, NotebookSubject
from jupyter_repro.study.sweep.plan import Settings, points_of

if TYPE_CHECKING:
    from pathlib import Path


def _notebook(path: Path, *sources: str, parameters: str = "") -> Path:
    cells = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    if parameters:
        cells.insert(0, nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]}))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.slow
def test_seeds_parameters_and_a_failing_run(tmp_path: Path) -> None:
    """Each run has its child of the notebook's own seed and its parameters; the project stays as it is; a claim may fail to be decided."""
    path = _notebook(
        tmp_path / "study.ipynb",
        "%load_ext jupyter_repro\n%repro seed=42",
        "import os, random\nfirst = random.random()\nopen('made.txt', 'x').close()\npid = os.getpid()",
        "later = undefined_name",
        parameters="lr = 0.1\nSEED = 5",
    )
    found = jupyter_repro.sweep(
        path, seeds=2, repeats=0, metric=["first", "lr", "SEED"], params={"lr": 0.25}, cell="3", keep=False
    )
    import random

    assert [point.error for point in found.record.points] == ["", ""]
    expected = [random.Random(swept_seed(42, index)).random() for index in range(2)]
    assert expected == found.values("first")
    assert found.values("lr") == [0.25, 0.25]
    assert found.values("SEED") == [swept_seed(5, 0), swept_seed(5, 1)]
    assert found.record.root_from == "its own `%repro seed=42`"
    assert [each.name for each in tmp_path.iterdir()] == ["study.ipynb"]
    (failed,) = jupyter_repro.sweep(path, seeds=1, repeats=0, metric="first", keep=False).record.points
    assert "cell 4 fails in a fresh kernel: NameError" in failed.error


def _subject(path: Path, settings: Settings | None = None, **options: Any) -> NotebookSubject:
    return NotebookSubject(path, settings or Settings(metrics=("acc",)), NotebookOptions(**options))


def test_what_a_run_is_made_of(tmp_path: Path) -> None:
    """Cells that sweep are left out, a cell can be the last and have another body, the metrics come last; hash seed and threads are pinned."""
    path = _notebook(tmp_path / "a.ipynb", "x = 1", "%%repro sweep metric=x\nx = 2", "x = 3", "x = 4")
    settings = Settings(metrics=("x",), hash_seeds=1, threads=2, repeats=0, indices=(3,))
    subject = _subject(path, settings, cell="c2", body="x = 5")
    task = subject.task(points_of(settings, subject.root)[-1], remote=False)
    sources = [cell["source"] for cell in task.node["cells"]]
    assert sources[:3] == ["x = 1", "pass", "x = 5"]
    assert "swept_metrics" in sources[3]
    assert len(sources) == 4
    assert (task.environment["PYTHONHASHSEED"], task.environment["OMP_NUM_THREADS"]) == ("1", "2")
    assert task.environment["JUPYTER_REPRO_SWEPT"] == "3"
    assert os.environ.get("JUPYTER_REPRO_SWEPT") is None


def test_the_digest_names_what_is_run(tmp_path: Path) -> None:
    """Outputs and text cells are no part of it; code, parameters, metrics and the seed are."""
    path = _notebook(tmp_path / "a.ipynb", "x = 1", parameters="lr = 0.1")
    digest = _subject(path).digest
    node = nbformat.read(path, 4)
    node.cells.append(nbformat.v4.new_markdown_cell("text"))
    nbformat.write(node, path)
    assert _subject(path).digest == digest
    others = {
        _subject(path, seed=7).digest,
        _subject(path, Settings(metrics=("b",))).digest,
        _subject(path, Settings(metrics=("acc",), params={"lr": 0.2})).digest,
        _subject(_notebook(tmp_path / "a.ipynb", "x = 2", parameters="lr = 0.1")).digest,
    }
    assert len(others - {digest}) == 4


@pytest.mark.parametrize(
    ("settings", "options", "told"),
    [
        (Settings(), {}, "needs to know what to look at"),
        (Settings(metrics=("x",)), {"cell": "9"}, "has no `9`"),
        (Settings(metrics=("x",), params={"lr": 1}), {}, "no cell tagged `parameters`"),
        (Settings(metrics=("x",)), {"seed_parameter": "s"}, "assigns no `s`"),
        (Settings(metrics=("x",), ulp=1), {}, "there are none"),
    ],
    ids=["no-metric", "no-cell", "no-parameters", "no-seed-parameter", "no-float"],
)
def test_slips_are_told_before_anything_runs(
    tmp_path: Path, settings: Settings, options: dict[str, Any], told: str
) -> None:
    """With what is wrong, and at once."""
    path = _notebook(tmp_path / "a.ipynb", "x = 1")
    with pytest.raises(BadWord, match=told):
        NotebookSubject(path, settings, NotebookOptions(**options))
