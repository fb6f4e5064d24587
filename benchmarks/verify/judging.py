"""What jupyter_repro's verifier flags in the same pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changes import CHANGES, planted
from volatile import KINDS

from jupyter_repro.verifier.compare import compare_notebooks
from jupyter_repro.verifier.compare.outcome import SAME
from jupyter_repro.verifier.compare.volatile import Mask, learn

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["flagged", "masks_of", "pairs_of"]

Notebook = dict[str, Any]
Pair = tuple[dict[str, Any], dict[str, Any]]


def pairs_of(runs: list[Notebook]) -> list[Pair]:
    """Return the cells of the author's and of the reader's run, kind by kind, then the planted changes."""
    by_id = [{cell["id"]: cell for cell in run["cells"]} for run in (runs[0], runs[-1])]
    names = [f"kind-{number:02}" for number in range(1, len(KINDS) + 1)]
    return [(by_id[0][name], by_id[1][name]) for name in names] + [
        planted(runs[0], change) for change in CHANGES
    ]


def masks_of(runs: list[Notebook], day: dt.date) -> tuple[Mask, ...]:
    """Return what all runs but the last teach."""
    return learn(runs[0], runs[1:-1], day=day)[0]


def flagged(pairs: list[Pair], masks: tuple[Mask, ...]) -> list[str]:
    """Return the verdict of each pair."""
    return [
        compare_notebooks({"cells": [was]}, {"cells": [now]}, masks=masks)[0].verdict for was, now in pairs
    ]


def passes(verdict: str) -> bool:
    """Tell whether a verdict alarms nobody: ``volatile`` is counted apart, and is no alarm."""
    return verdict in (*SAME, "volatile")
