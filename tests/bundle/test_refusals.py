"""An export is refused with every reason, unless its author answers for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.bundle.options import Waiver
from jupyter_repro.bundle.refusals import Waived, refuse, unseeded, waived, with_waivers
from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import Finding, SeedPlan
from jupyter_repro.rules.configured import RuleSettings

if TYPE_CHECKING:
    from pathlib import Path


def _finding(code: str, severity: str = "warning", message: str = "it differs") -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy="mend it")  # type: ignore[arg-type] # of the test


def _notebook(folder: Path, *sources: str) -> Path:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": 1,
        }
        for n, source in enumerate(sources, 1)
    ]
    path = folder / "nb.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path


def test_every_reason_is_named() -> None:
    """Code, kind, message and remedy of each, and how to answer for it."""
    with pytest.raises(ExportRefused) as caught:
        refuse([_finding("RP801"), _finding("RP803", message="a file is missing"), _finding("RP806")])
    assert "2 reasons" in caught.value.message
    assert "RP801 not reproduced: it differs; mend it" in caught.value.message
    assert "RP803 data missing: a file is missing; mend it" in caught.value.message
    assert "RP806" not in caught.value.message
    assert '--waive RP801="why"' in caught.value.remedy


def test_what_is_allowed_refuses_nothing_and_is_told() -> None:
    """A finding with a reason is an information, and readers get both."""
    found = [
        _finding("RP801", "info", "it differs (allowed here: a clock)"),
        _finding("RP806"),
        _finding("RP810"),
    ]
    refuse(found)
    assert waived(found) == (Waived(code="RP801", message="it differs", reason="a clock"),)


@pytest.mark.parametrize(
    ("source", "seed", "codes"),
    [
        ("import random\nrandom.random()", None, ["RP202"]),
        ("import random\nrandom.random()", 42, []),
        ("import numpy as np\nrng = np.random.default_rng()", 42, ["RP203"]),
        ("import numpy as np\nrng = np.random.default_rng(1)", None, []),
        ("import random, time\nrandom.seed(time.time())", 42, ["RP204"]),
        ("import uuid\nuuid.uuid4()", None, []),
    ],
    ids=["global", "governed", "generator", "seeded", "clock", "names"],
)
def test_what_draws_without_a_seed(tmp_path: Path, source: str, seed: int | None, codes: list[str]) -> None:
    """The plan's seed governs global streams, and nothing else."""
    found = unseeded(_notebook(tmp_path, source), SeedPlan(seed=seed), RuleSettings())
    assert [each.code for each in found if each.severity != "info"] == codes


def test_a_waiver_reaches_the_rules(tmp_path: Path) -> None:
    """The word of this export stands before the project's."""
    rules = with_waivers(
        RuleSettings(ignore=(("RP202", "the project's"),)), [Waiver(code="RP202", reason="a demo of chance")]
    )
    (found,) = unseeded(_notebook(tmp_path, "import random\nrandom.random()"), SeedPlan(), rules)
    assert found.severity == "info"
    assert found.cell == "c1"
    assert waived([found])[0].reason == "a demo of chance"
