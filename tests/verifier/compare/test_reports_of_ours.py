"""What `%repro status` shows is no result of the notebook."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.compare.cell import compare_outputs
from jupyter_repro.verifier.compare.tolerance import Tolerance

MIME = "application/vnd.jupyter-repro+json"
FACTS = {"schema": 1, "verdict": "differs", "headline": "Restart & Run All would not"}


def shown(facts: Any = FACTS, *, kind: str = "display_data", **forms: Any) -> dict[str, Any]:
    data = {MIME: facts, "text/plain": "x", "text/html": "x"} | forms
    return {"output_type": kind, "data": data, "metadata": {}}


RESULT = {"output_type": "display_data", "data": {"text/plain": "3.5"}, "metadata": {}}
OTHER = {"output_type": "display_data", "data": {"text/plain": "4.5"}, "metadata": {}}


def test_another_report_makes_no_cell_differ() -> None:
    """The kernel that shows it is another at each run, and so is the report: beside it, results count as ever."""
    same, notes = compare_outputs([shown(), RESULT], [RESULT], Tolerance())
    other, _ = compare_outputs([shown(), RESULT], [shown(), OTHER], Tolerance())

    assert (same.verdict, other.verdict) == ("identical", "differs")
    assert notes == ("what `%repro` reports of its kernel is not compared",)


@pytest.mark.parametrize(
    "output",
    [
        pytest.param(shown(**{"image/png": "AAAA"}), id="a figure"),
        pytest.param(shown(kind="execute_result"), id="a result"),
        pytest.param(shown("x"), id="no facts"),
        pytest.param(shown({"schema": 1}), id="half the facts"),
    ],
)
def test_nothing_else_hides_behind_the_mark(output: dict[str, Any]) -> None:
    """A figure, a result or anything that is no report is compared, whatever it is marked with."""
    outcome, _ = compare_outputs([output], [], Tolerance())

    assert outcome.verdict == "differs"
