"""JSON outputs: the structure exactly, floats by tolerance."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.compare.structure import compare_json
from jupyter_repro.verifier.compare.tolerance import Tolerance

_A, _B = "a1" * 16, "b2" * 16


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "identical"),
        ({"a": 1}, {"a": True}, "differs"),
        ([1], [1.0], "differs"),
        ([0.1], [1e-1], "identical"),
        ([0.3], [0.1 + 0.2], "within tolerance"),
        ([0.3], [0.31], "differs"),
        ([float("nan")], [float("nan")], "identical"),
        ([1, 2], [1], "differs"),
        ({"a": 1}, {"b": 1}, "differs"),
        ({"uid": "x", "a": 1}, {"uid": "y", "a": 1}, "equivalent"),
        ({"a": None}, {"a": 0}, "differs"),
        ({"id": _A, "at": [_A]}, {"id": _B, "at": [_B]}, "equivalent"),
        ({"id": _A, "at": [_A]}, {"id": _B, "at": [_A]}, "differs"),
        ({"id": _A, _A: 1.5}, {"id": _B, _B: 2.5}, "differs"),
        ({"digest": _A}, {"digest": _B}, "differs"),
        ({"id": "first"}, {"id": "second"}, "differs"),
        ("1", 1, "differs"),
    ],
)
def test_values(was: Any, now: Any, verdict: str) -> None:
    """One row a rule."""
    assert verdict == compare_json(was, now, Tolerance()).verdict


def test_deep_nesting_is_no_crash() -> None:
    """What is too deep to be looked into differs, and says so."""
    was: Any = 1.0
    now: Any = 2.0
    for _ in range(900):
        was, now = [was], [now]
    assert "too deeply" in compare_json(was, now, Tolerance()).why
