"""A claim has a verdict of its own, and nothing excuses it."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.claims.claim import Claim
from jupyter_repro.verifier.claims.judge import judged
from jupyter_repro.verifier.compare.notebook import compare_notebooks
from jupyter_repro.verifier.compare.tolerance import Tolerance
from jupyter_repro.verifier.compare.volatile import learn


def _notebook(text: str, *tags: str, ended: str = "ok") -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}]
    metadata = {"tags": list(tags), "jupyter_repro": {"ended": ended}}
    return {
        "cells": [{"cell_type": "code", "id": "a", "source": "x", "outputs": outputs, "metadata": metadata}]
    }


def _row(claim: Claim, was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    compared = compare_notebooks(was, now, masks=learn(was, [now])[0])
    (row,) = judged([claim], compared, was, now, Tolerance())
    return row


_WHOLE, _PART = Claim("Table 1", "a"), Claim("Table 1", "a", after="acc")


@pytest.mark.parametrize(
    ("claim", "was", "now", "verdict"),
    [
        (_WHOLE, _notebook("acc 0.9"), _notebook("acc 0.9"), "identical"),
        (_WHOLE, _notebook("acc 0.9, 3 s"), _notebook("acc 0.9, 4 s"), "differs"),
        (_PART, _notebook("acc 0.9, 3 s"), _notebook("acc 0.9, 4 s"), "identical"),
        (_PART, _notebook("acc 0.90000000000"), _notebook("acc 0.90000000001"), "within tolerance"),
        (_PART, _notebook("acc 0.9"), _notebook("acc 0.8"), "differs"),
        (_PART, _notebook("acc 0.9"), _notebook("loss 0.8"), "differs"),
        (_PART, _notebook("acc 0.9", "repro-ignore"), _notebook("acc 0.8", "repro-ignore"), "differs"),
        (_WHOLE, _notebook("1", "repro-volatile"), _notebook("2", "repro-volatile"), "differs"),
        (_WHOLE, _notebook("1", "repro-rtol=0.5"), _notebook("1.1", "repro-rtol=0.5"), "differs"),
        (_WHOLE, _notebook("1.0", "repro-rtol=0.5"), _notebook("1.1", "repro-rtol=0.5"), "within tolerance"),
        (_WHOLE, _notebook("1", "repro-x"), _notebook("1", "repro-x"), "error"),
        (_WHOLE, _notebook("1"), _notebook("1", ended="not run"), "not run"),
        (Claim("Table 1", "gone"), _notebook("1"), _notebook("1"), "not run"),
    ],
    ids=range(13),
)
def test_verdict(claim: Claim, was: dict[str, Any], now: dict[str, Any], verdict: str) -> None:
    """Masks learned from both runs and the author's tags let nothing pass; tolerances do."""
    row = _row(claim, was, now)
    assert (row["verdict"], row["holds"]) == (verdict, verdict in ("identical", "within tolerance"))


def test_both_values_are_told() -> None:
    """What the paper says and what came out here."""
    row = _row(_PART, _notebook("acc 0.9"), _notebook("acc 0.8"))
    assert (row["part"], row["reference"], row["fresh"]) == ("the number after `acc`", "0.9", "0.8")
