"""Two runs of one notebook, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.compare import compare_notebooks


def _out(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _error(name: str, value: str = "x") -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": []}


def _cell(
    source: str, *outputs: dict[str, Any], name: str | None = None, ended: str | None = None
) -> dict[str, Any]:
    metadata = {} if ended is None else {"jupyter_repro": {"ended": ended}}
    cell = {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": metadata}
    return cell if name is None else {**cell, "id": name}


def _verdicts(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    return [cell.verdict for cell in compare_notebooks({"cells": before}, {"cells": after})]


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        ([_out("a"), _out("b")], [_out("ab")], "identical"),
        ([_out("a"), _out("w", "stderr"), _out("b")], [_out("ab"), _out("w", "stderr")], "identical"),
        ([_out("a")], [_out("a"), _out("warning", "stderr")], "identical"),
        ([_out("a")], [], "differs"),
        ([], [_out("a")], "differs"),
        ([_error("ValueError")], [_error("ValueError")], "identical"),
        ([_error("ValueError")], [_error("KeyError")], "differs"),
        ([_error("ValueError")], [], "differs"),
        ([], [_error("ValueError")], "error"),
        (
            [_error("E", "<A at 0x7f00aa11>")],
            [_error("E", "<A at 0x7f99bb22>")],
            "equivalent",
        ),
    ],
)
def test_outputs(was: list[dict[str, Any]], now: list[dict[str, Any]], verdict: str) -> None:
    """One row a rule."""
    assert [verdict] == _verdicts([_cell("1", *was)], [_cell("1", *now)])


@pytest.mark.parametrize(
    ("was", "verdict"), [("ok", "error"), ("error", "identical"), (None, "identical")], ids=str
)
def test_a_failure_that_is_not_shown(was: str | None, verdict: str) -> None:
    """A cell that fails in silence is not the author's, unless his run's did so too; a saved notebook does not tell."""
    assert [verdict] == _verdicts([_cell("1", ended=was)], [_cell("1", ended="error")])


@pytest.mark.parametrize(
    ("ended", "verdict"),
    [("ok", "identical"), ("not run", "not run"), ("timeout", "error"), ("died", "error")],
)
def test_how_the_run_ended_counts(ended: str, verdict: str) -> None:
    """A cell without outputs that was not run is not reproduced."""
    assert [verdict] == _verdicts([_cell("x = 1")], [_cell("x = 1", ended=ended)])


def test_cells_are_joined_by_id_then_position() -> None:
    """An inserted cell does not shift the others; cells without ids are taken as they lie."""
    a, b = _cell("1", _out("a"), name="a"), _cell("2", _out("b"), name="b")
    assert _verdicts([a, b], [a, _cell("3", name="new"), b]) == ["identical", "identical", "differs"]
    assert _verdicts([a, b], [a]) == ["identical", "not run"]
    bare = [_cell("1", _out("a")), _cell("2", _out("b"))]
    assert _verdicts(bare, bare) == ["identical", "identical"]


def test_an_edited_cell_differs() -> None:
    """The same output of another source proves nothing."""
    assert _verdicts([_cell("1", name="a")], [_cell("2", name="a")]) == ["differs"]


def test_blank_cells_do_not_count() -> None:
    """A notebook of blank cells has nothing to compare."""
    assert _verdicts([_cell("  \n", name="a")], [_cell("  \n", name="a")]) == []
