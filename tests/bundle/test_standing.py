"""Which cell a cell stands on, by its source and by what jupyter_repro saw."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.bundle.standing import facts_of_runs, standing
from jupyter_repro.records import Cell, CellId, CellRun, OpUse, Use, Version


def _cells(*sources: str) -> list[Cell]:
    return [Cell(id=CellId(f"c{n}"), source=each, digest="", label="") for n, each in enumerate(sources)]


@pytest.mark.parametrize(
    ("sources", "above"),
    [
        (("a = 1", "b = 2", "a"), [["a", "c0", True]]),
        (("a = 1", "a = 2", "a"), [["a", "c1", True]]),
        (("a = []", "a[0] = 1", "a"), [["a", "c0", True], ["a", "c1", True]]),
        (("a = []", "show(a)", "a"), [["a", "c0", True], ["a", "c1", False]]),
        (("k = 1", "def f(): return k", "f()"), [["f", "c1", True], ["k", "c0", True]]),
        (("import numpy as np", "np.seterr(all='raise')", "np.pi"), []),
        (("a = 1", "%matplotlib inline", "print(a)"), [["a", "c0", True]]),
        (("a = 1", "(", "a"), [["a", "c0", True]]),
    ],
    ids=["name", "again", "in place", "passed on", "function", "module", "magic", "no Python"],
)
def test_by_source(sources: tuple[str, ...], above: list[Any]) -> None:
    """One row a way of standing on a cell above."""
    assert standing(_cells(*sources), {})["c2"]["on"] == above


def test_clocks_are_told() -> None:
    """What gives something else each time."""
    found = standing(_cells("import time", "time.time()"), {})["c1"]
    assert found["unrepeatable"] == ["it reads the clock (`time.time`)"]


def test_what_was_seen_goes_before_the_source() -> None:
    """Reads with the run that made them; the last run of a cell counts."""
    cells = _cells("a = []", "hidden()", "a")
    read = Use("name:a", Version("1", 1, touched=(2,)))
    runs = [
        CellRun(order=1, cell=cells[0].id, source="", digest=""),
        CellRun(order=2, cell=cells[1].id, source="", digest="", effects=("entropy",)),
        CellRun(order=3, cell=cells[2].id, source="", digest="", reads=(read,), ops=(OpUse(op="put_"),)),
    ]
    found = standing(cells, facts_of_runs(runs))
    assert found["c2"] == {
        "on": [["a", "c0", True], ["a", "c1", False]],
        "seen": True,
        "unrepeatable": [],
        "ops": ["put_"],
    }
    assert found["c1"]["unrepeatable"] == ["entropy"]
