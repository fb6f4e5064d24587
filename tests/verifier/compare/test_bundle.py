"""Several forms of one output: each rich form counts."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.compare.bundle import compare_forms
from jupyter_repro.verifier.compare.tolerance import Tolerance

_WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        ({"text/plain": "1"}, {"text/plain": "1"}, "identical"),
        ({"text/plain": "1"}, {"text/plain": "2"}, "differs"),
        ({"text/plain": "<A>", "text/html": "1"}, {"text/plain": "<B>", "text/html": "1"}, "identical"),
        ({"text/plain": "1", "text/html": "1"}, {"text/plain": "1"}, "differs"),
        ({"text/plain": "1"}, {"text/plain": "1", "image/png": ""}, "differs"),
        ({"text/plain": "1"}, {}, "differs"),
        ({"text/latex": "x"}, {"text/latex": "y"}, "differs"),
        ({"application/json": {"a": 0.3}}, {"application/json": {"a": 0.1 + 0.2}}, "within tolerance"),
        ({"text/x-own": "1 2"}, {"text/x-own": "12"}, "differs"),
        ({"text/x-own": "1 2"}, {"text/x-own": "1 2"}, "identical"),
        ({"image/jpeg": "QUJD\nREVG"}, {"image/jpeg": "QUJDREVG\n"}, "identical"),
        ({"image/jpeg": "QUJD"}, {"image/jpeg": "QUJE"}, "differs"),
        ({"application/pdf": "QUJD"}, {"application/pdf": "QUJE"}, "differs"),
        ({_WIDGET: {"model_id": "a"}}, {_WIDGET: {"model_id": "b"}}, "equivalent"),
        ({_WIDGET: {}, "text/html": "1"}, {_WIDGET: {}, "text/html": "2"}, "differs"),
        ({"text/html": ["<b>", "1</b>"]}, {"text/html": "<b>1</b>"}, "identical"),
    ],
)
def test_forms(was: dict[str, Any], now: dict[str, Any], verdict: str) -> None:
    """One row a rule."""
    assert verdict == compare_forms(was, now, Tolerance()).verdict


def test_what_cannot_be_looked_into_says_so() -> None:
    """A form without a comparer is never silently equal or different."""
    outcome = compare_forms({"application/pdf": "QUJD"}, {"application/pdf": "QUJE"}, Tolerance())
    assert outcome.why == "application/pdf: it has other bytes, and this kind cannot be looked into"
