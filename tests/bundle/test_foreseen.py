"""What will refuse an export is told before it runs."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.foreseen import foreseen
from jupyter_repro.bundle.gather import Gathered
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.bundle.options import ExportOptions, Waiver
from jupyter_repro.records import SeedPlan

if TYPE_CHECKING:
    from pathlib import Path

NO_FILES = partial(Gathered, packed=(), external=(), kept_out=(), unreadable=(), links=(), rewritten=())
SECRET = "key = 'ghp_" + "a1B2" * 9 + "'"


@pytest.mark.parametrize(
    ("source", "seed", "waived", "codes"),
    [
        pytest.param("x = 1", None, (), [], id="nothing"),
        pytest.param("import random\nrandom.random()", None, (), ["RP202"], id="no seed"),
        pytest.param("import random\nrandom.random()", 7, (), [], id="seeded by the session"),
        pytest.param("import random\nrandom.random()", None, ("RP202",), [], id="waived"),
        pytest.param(SECRET, None, (), ["RP812"], id="a credential"),
        pytest.param(SECRET, None, ("RP812",), [], id="a credential that is waived"),
    ],
)
def test_what_refuses_is_foreseen(
    tmp_path: Path, source: str, seed: int | None, waived: tuple[str, ...], codes: list[str]
) -> None:
    """Each finding that refuses by the sources alone, but for those that the author answers for."""
    path = tmp_path / "nb.ipynb"
    cell = {
        "cell_type": "code",
        "id": "c1",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": 1,
    }
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    waivers = tuple(Waiver(code=code, reason="a demonstration") for code in waived)

    options = ExportOptions(output=tmp_path / "x.zip", plan=SeedPlan(seed=seed), waivers=waivers)

    found = foreseen(read_notebook(path), NO_FILES(root=tmp_path), options)

    assert [each.code for each in found] == codes
    assert SECRET[7:-1] not in " ".join(each.message for each in found)
