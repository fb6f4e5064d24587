"""A claim is a comparison and nothing else."""

from __future__ import annotations

import math

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.study.sweep.claim import Claim

VALUES = {"a": 0.93, "b": 0.91, "zero": 0.0, "nan": math.nan}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > b", True),
        ("a > b + 0.05", False),
        ("0.9 < b < a", True),
        ("a < b or not b < 0", True),
        ("abs(a - b) <= 0.03 and max(a, b) == a", True),
        ("a > nan", None),
        ("a > absent", None),
        ("a / zero > 1", None),
    ],
)
def test_holds(text: str, expected: object) -> None:
    """True, false, or not decided by this run."""
    assert expected is Claim(text).holds(VALUES)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "1 > 2",
        "a >",
        "a > 'x'",
        "a.b > 1",
        "a[0] > 1",
        "f(a) > 1",
        "__import__('os') > 1",
        "a > (lambda: 1)()",
        "True > a",
        "",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """No call, no attribute, no text: a claim runs nothing."""
    with pytest.raises(BadWord, match="is no claim"):
        Claim(text)


def test_metrics_are_its_names() -> None:
    """Each once, in order, functions not among them."""
    assert Claim("max(b, a) > a - c").metrics == ("b", "a", "c")
