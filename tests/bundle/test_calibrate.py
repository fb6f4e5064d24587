"""Calibration: more runs of the notebook teach what is volatile, and are told."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.calibrate import Calibration, calibrate, check_tags
from jupyter_repro.bundle.canonical import canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.errors import BadWord
from jupyter_repro.records import SeedPlan
from jupyter_repro.verifier.compare import compare_notebooks

if TYPE_CHECKING:
    from pathlib import Path


def _notebook(folder: Path, *sources: str, tags: tuple[str, ...] = ()) -> Notebook:
    cells = [
        {"cell_type": "code", "id": f"c{number}", "source": source, "metadata": {"tags": list(tags)}}
        for number, source in enumerate(sources)
    ]
    node = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{**cell, "outputs": [], "execution_count": None} for cell in cells],
    }
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return read_notebook(path)


@pytest.mark.slow
def test_what_another_run_shows_otherwise(tmp_path: Path) -> None:
    """The process's number is volatile, the result beside it is not, and the author is told."""
    notebook = _notebook(tmp_path, "import os\nprint('pid', os.getpid(), 'loss', 0.5)", "print(1)")
    said: list[str] = []
    interpreter = read_interpreter(sys.executable)
    run = canonical_run(
        notebook, plan=SeedPlan(), interpreter=interpreter, cell_timeout_s=120, progress=lambda _step: None
    )
    found = calibrate(
        notebook,
        run,
        runs=1,
        plan=SeedPlan(),
        interpreter=interpreter,
        cell_timeout_s=120,
        progress=said.append,
    )
    assert said == ["calibrating, run 1 of 1"]
    assert found.told == ("cell 1 is volatile in 1 place",)
    for text, verdict in (("pid 1 loss 0.5\n", "volatile"), ("pid 1 loss 0.6\n", "differs")):
        fresh = json.loads(json.dumps(run.node))
        fresh["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        assert verdict == compare_notebooks(run.node, fresh, masks=found.masks)[0].verdict


def test_no_run_teaches_nothing() -> None:
    """Nothing is volatile unless the author asked."""
    assert Calibration() == Calibration(masks=(), told=())


def test_a_wrong_tag_ends_the_export_before_it_runs(tmp_path: Path) -> None:
    """The author hears which cell, and what was meant."""
    with pytest.raises(
        BadWord, match=r"cell 1: unknown tag `repro-volatil`; did you mean `repro-volatile`\?"
    ):
        check_tags(_notebook(tmp_path, "1", tags=("repro-volatil",)))
