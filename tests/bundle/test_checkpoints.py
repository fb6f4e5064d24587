"""A checkpoint that a notebook loads travels in its bundle; one that it makes is made again."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.canonical import canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.inputs.collect import collect_inputs
from jupyter_repro.records import SeedPlan

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_GIVEN = "import numpy as np, jupyter_repro as r; r.checkpoint.save('given/1', extra={'w': np.arange(3.0)})"
_CELLS = (
    "import numpy as np, jupyter_repro as r\nw = r.checkpoint.load('given/1').extra['w']",
    "saved = r.checkpoint.save('made/{step}', extra={'w': w + 1}, step=7)",
    "print(r.checkpoint.load('made/7').extra['w'].tolist())",
)


def test_what_is_loaded_is_packed(tmp_path: Path) -> None:
    """All files of the one that was there before, none of the one that the run has made."""
    subprocess.run([sys.executable, "-c", _GIVEN], cwd=tmp_path, check=True)
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for n, source in enumerate(_CELLS)
    ]  # fmt: skip
    path = tmp_path / "nb.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    run = canonical_run(
        read_notebook(path),
        plan=SeedPlan(seed=1),
        interpreter=read_interpreter(sys.executable),
        cell_timeout_s=120,
        progress=lambda _step: None,
    )
    shown = run.node["cells"][2]["outputs"]
    assert [output["text"] for output in shown] == ["[1.0, 2.0, 3.0]\n"]
    found = collect_inputs(run.trace.read, run.trace.products, [], root=tmp_path)
    there = {file.relative_to(tmp_path).as_posix() for file in (tmp_path / "given").rglob("*.*")}
    packed = {file.path for file in found.inside}
    assert "given/1/extra.0.npy" in there
    assert packed & {name for name in packed if not name.endswith(".ipynb")} == there
    assert not found.unreadable
