"""What two runs really gave: 33 kinds of volatile output alarm nobody, 20 planted changes are all found.

The pairs are from ``benchmarks/verify/run.py --save``: the author's output, the reader's, and what two more runs
of the author gave. Where a change is planted, the reader's output is the author's with the change.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.verifier.compare import compare_notebooks
from jupyter_repro.verifier.compare.volatile import learn

_DATA = json.loads(Path(__file__).with_name("pairs.json").read_text(encoding="utf-8"))
_DAY = dt.date.fromisoformat(_DATA["day"])


def _verdict(pair: dict[str, Any], *, calibrated: bool) -> str:
    was, now, *runs = ({"cells": [cell]} for cell in (pair["was"], pair["now"], *pair["runs"]))
    masks = learn(was, runs, day=_DAY)[0] if calibrated else ()
    return compare_notebooks(was, now, masks=masks)[0].verdict


def test_there_are_as_many_as_are_told() -> None:
    """The table in docs/benchmarks.md is about these."""
    assert [sum(pair["real"] is real for pair in _DATA["pairs"]) for real in (False, True)] == [33, 20]


@pytest.mark.parametrize("pair", [p for p in _DATA["pairs"] if not p["real"]], ids=lambda pair: pair["title"])
def test_no_false_alarm(pair: dict[str, Any]) -> None:
    """A kind of volatile output is the same result, or volatile where it was so for the author."""
    assert _verdict(pair, calibrated=True) in {"identical", "equivalent", "within tolerance", "volatile"}


def _on(day: dt.date, pair: dict[str, Any]) -> dict[str, Any]:
    """Return the pair as if the reader ran it on another day."""
    text = json.dumps(pair["now"])
    for form in ("%a, %d %b %Y", "%a %b %d", "%Y, %m, %d", "%Y-%m-%d"):
        text = text.replace(_DAY.strftime(form), day.strftime(form))
    return {**pair, "now": json.loads(text)}


@pytest.mark.parametrize("pair", [p for p in _DATA["pairs"] if not p["real"]], ids=lambda pair: pair["title"])
def test_no_false_alarm_on_another_day(pair: dict[str, Any]) -> None:
    """The author's runs were all of one day, and a date was the same in all of them."""
    assert _verdict(_on(dt.date(2027, 3, 15), pair), calibrated=True) != "differs"


@pytest.mark.parametrize("pair", [p for p in _DATA["pairs"] if p["real"]], ids=lambda pair: pair["title"])
@pytest.mark.parametrize("calibrated", [False, True])
def test_no_change_is_missed(pair: dict[str, Any], calibrated: bool) -> None:  # noqa: FBT001 - a column of the table
    """A real change differs, with and without calibration."""
    assert _verdict(pair, calibrated=calibrated) == "differs"
