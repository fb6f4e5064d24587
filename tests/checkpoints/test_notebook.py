"""The notebook that teaches checkpoints shows what a fresh kernel shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import jupyter_repro

pytest.importorskip("lightning", reason="run by `make checkpoints` alone: it trains")

_NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "checkpoints.ipynb"


def test_it_gives_what_it_shows(tmp_path: Path) -> None:
    """Proven cell by cell, in a copy of its folder."""
    shutil.copy(_NOTEBOOK, tmp_path)
    proof = jupyter_repro.prove(tmp_path / _NOTEBOOK.name)
    wrong = [(cell.id, cell.verdict, cell.why) for cell in proof.cells if cell.verdict != "identical"]
    assert proof.reproduced, wrong
