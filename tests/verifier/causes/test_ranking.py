"""Which cause comes first, from records alone."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.causes.ranking import first_divergence, ranked, unexplained
from jupyter_repro.verifier.causes.runs import Differences, Run, RunCell, Runs, runs_of
from jupyter_repro.verifier.compare.notebook import CellComparison
from jupyter_repro.verifier.why import all_close

_SAME = Run(known=True)


def _cell(position: int, verdict: str = "differs", **facts: Any) -> RunCell:
    told = {"was": _SAME, "now": _SAME, **facts}
    return RunCell(position, f"c{position}", f"cell {position + 1}", verdict, **told)


def _ranked(*cells: RunCell, **facts: Any) -> list[tuple[str, str, str]]:
    return [(each.kind, each.certainty, each.text) for each in ranked(cells[-1], Runs(cells, **facts))]


def _drew(digest: str) -> Run:
    return Run(known=True, streams={"torch": digest})


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"ops": ("put_",)}, ("operation", "likely", "it ran `put_`, which has no deterministic algorithm")),
        ({"now": Run(known=True, effects=("network",))}, ("unrepeatable", "likely", "it talked to the network")),
        (
            {"now": Run(known=True, read={"x": "1"})},
            ("input", "likely", "this run read `x` in it, and the author's did not"),
        ),
        (
            {"was": Run(known=True, read={"x": "1"})},
            ("input", "likely", "the author's run read `x` in it, and this run did not"),
        ),
        (
            {"now": Run(known=True, error=("ModuleNotFoundError", "No module named 'a.b'"))},
            ("failure", "recorded", "the module `a.b` is not in the locked environment"),
        ),
        (
            {"was": _drew("1"), "now": _drew("2")},
            ("rng", "possible", "it drew another number of values from torch's generator, or seeded it otherwise, "
             "beginning from the same state"),
        ),
        (
            {"was": Run(known=True, entered={"torch": "1"}, streams={"torch": "3"}),
             "now": Run(known=True, entered={"torch": "2"}, streams={"torch": "4"})},
            ("rng", "recorded", "torch's generator was in another state when it began"),
        ),
    ],
    ids=["operation", "network", "more read", "less read", "module", "more draws", "between the cells"],
)  # fmt: skip
def test_one_cause(facts: dict[str, Any], told: tuple[str, str, str]) -> None:
    """A row a record."""
    assert _ranked(_cell(0, **facts)) == [told]


@pytest.mark.parametrize(
    ("modules", "imported", "certainty"),
    [
        ({"numpy": ("numpy",)}, ("numpy",), "likely"),
        ({}, ("numpy",), "possible"),
        ({"numpy": ("numpy",)}, ("pandas",), None),
    ],
    ids=["imported", "not known", "not imported"],
)
def test_packages(modules: Any, imported: tuple[str, ...], certainty: str | None) -> None:
    """Only what had been imported by then may explain a cell."""
    environment = Differences(versions=("numpy is 2.1, the lock says 2.0",), modules=modules)
    importing = _cell(0, "identical", now=Run(known=True, modules=imported))
    found = _ranked(importing, _cell(1), environment=environment)
    assert [each[1] for each in found] == ([] if certainty is None else [certainty])


def test_what_is_recorded_goes_before_what_is_possible() -> None:
    """A stream that was elsewhere, then the package, then the machine."""
    environment = Differences(
        versions=("numpy is 2.1",), modules={"numpy": ("numpy",)}, machine={"cores": ("2", "4")}
    )
    moved = {"was": _drew("1"), "now": _drew("2")}
    first = _cell(
        0, "identical", was=_drew("a"), now=Run(known=True, streams={"torch": "b"}, modules=("numpy",))
    )
    found = _ranked(first, _cell(1, **moved), environment=environment)
    assert [(kind, certainty) for kind, certainty, _ in found] == [
        ("rng", "recorded"),
        ("package", "likely"),
        ("machine", "possible"),
    ]


def test_the_first_of_a_chain_is_named() -> None:
    """Through cells that show nothing, up to the first that went another way."""
    cells = (
        _cell(0),
        _cell(1, "identical", above=(("df", "c0", True),)),
        _cell(2, above=(("kept", "c1", True), ("plot", "c9", True))),
    )
    assert _ranked(*cells) == [
        ("cell above", "recorded", "it stands on cell 1 through `kept` and `df`; cell 1 differed first")
    ]


def test_a_cell_that_only_may_have_changed_a_name() -> None:
    """A doubtful step makes the whole path a doubtful one."""
    found = _ranked(_cell(0), _cell(1, above=(("df", "c0", False),)))
    assert found == [("cell above", "likely", "it may stand on cell 1 through `df`; cell 1 differed first")]


def test_a_cell_that_stands_on_nothing_above() -> None:
    """No blame for what merely comes first."""
    assert _ranked(_cell(0), _cell(1, above=())) == []


def test_without_records_it_is_said() -> None:
    """A bundle of an older version: what is above is named as possible, and alone a cell is not explained."""
    unknown = Run()
    first, second = _cell(0, was=unknown), _cell(1, was=unknown)
    assert _ranked(first, second) == [
        ("cell above", "possible", "cell 1 differed first; whether this cell stands on it is not known")
    ]
    runs = Runs((first,))
    assert "no record tells" in unexplained(first)
    assert first_divergence(runs) == {"cell": "c0", "label": "cell 1", "why": unexplained(first)}


@pytest.mark.parametrize(
    "record",
    [None, 3, [], {"streams": 3, "read": [], "wrote": "x", "modules": {}}, {"streams": {"numpy": 1}}],
    ids=["none", "number", "list", "other types", "no digest"],
)
def test_records_are_not_trusted(record: Any) -> None:
    """A bundle may hold anything in their place."""
    ours = {"ended": "ok", "record": record, "stands": {"on": [[1], "x", None]}}
    cell = {"cell_type": "code", "id": "a", "source": "x", "outputs": [], "metadata": {"jupyter_repro": ours}}
    notebook = {"metadata": {"jupyter_repro": {"record": {"schema": 1, "machine": []}}}, "cells": [cell]}
    cells = runs_of([CellComparison("a", "cell 1", "differs")], notebook, notebook)
    assert ranked(cells[0], Runs(cells)) == ()


@pytest.mark.parametrize(
    ("was", "now", "close"),
    [
        ("loss 0.500001", "loss 0.500002", True),
        ("loss 0.5", "loss 0.6", False),
        ("loss 0.5", "cost 0.5", False),
        ("0.5 0.5", "0.5", False),
        (None, "0.5", False),
    ],
)
def test_near_numbers(was: str | None, now: str | None, close: bool) -> None:  # noqa: FBT001 - a table's column
    """The same words, numbers of nearly the same size."""
    assert close == all_close([{"kind": "text", "reference": was, "fresh": now}])
