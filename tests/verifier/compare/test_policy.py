"""Tags of a cell say how it is compared; a wrong one is never passed over."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.verifier.compare import Tolerance, compare_notebooks
from jupyter_repro.verifier.compare.policy import policy_of, tag_faults


def _notebook(text: str, *tags: str, shown: dict[str, Any] | None = None) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = [{"output_type": "stream", "name": "stdout", "text": text}]
    if shown is not None:
        outputs.append({"output_type": "display_data", "data": shown, "metadata": {}})
    cell = {"cell_type": "code", "source": "1", "metadata": {"tags": list(tags)}, "outputs": outputs}
    return {"cells": [cell]}


@pytest.mark.parametrize(
    ("was", "now", "tags", "verdict"),
    [
        ("1.0001", "1.0002", (), "differs"),
        ("1.0001", "1.0002", ("repro-rtol=1e-3",), "within tolerance"),
        ("1.01", "1.02", ("repro-rtol=1e-3",), "differs"),
        ("1.000001", "1.000002", ("repro-gpu",), "within tolerance"),
        ("1.0001", "1.0002", ("repro-gpu",), "differs"),
        ("0.0001 1.5", "0.0002 1.5", ("repro-atol=1e-3",), "within tolerance"),
        ("a", "b", ("repro-volatile",), "volatile"),
        ("a", "a", ("repro-volatile",), "identical"),
        ("a", "b", ("repro-ignore",), "volatile"),
        ("a", "a", ("repro-ignore",), "volatile"),
        ("a", "b", ("slow", "repro-smoke"), "differs"),
        ("a", "a", ("repro-volatil",), "error"),
    ],
)
def test_tags(was: str, now: str, tags: tuple[str, ...], verdict: str) -> None:
    """One row a tag."""
    (found,) = compare_notebooks(_notebook(was, *tags), _notebook(now))
    assert verdict == found.verdict


def test_volatile_outputs_still_have_the_kinds_they_had() -> None:
    """A figure that is gone is a difference, whatever was in it."""
    was = _notebook("a", "repro-volatile", shown={"image/png": "A"})
    (found,) = compare_notebooks(was, _notebook("b"))
    assert (found.verdict, found.why) == ("differs", "it showed 1 output, now 0 outputs")
    (found,) = compare_notebooks(was, _notebook("a", shown={"text/html": "A"}))
    assert (found.verdict, found.why) == ("differs", "image/png became text/html")


def test_a_wider_tolerance_is_told() -> None:
    """A reader sees what the author excused."""
    (found,) = compare_notebooks(_notebook("1.0001", "repro-rtol=1e-3"), _notebook("1.0002"))
    assert found.notes == ("the author's tags widen the tolerance to rtol 0.001, atol 1e-12",)


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        ("repro-volatil", "unknown tag `repro-volatil`; did you mean `repro-volatile`?"),
        ("repro-rtoll=1", "unknown tag `repro-rtoll=1`; did you mean `repro-rtol=1e-3`?"),
        ("repro-rtol=x", "`repro-rtol=x` has no number from 0 to below 1; write, say, `repro-rtol=1e-3`"),
        ("repro-rtol=2", "`repro-rtol=2` has no number from 0 to below 1; write, say, `repro-rtol=1e-3`"),
        ("repro-atol=nan", "`repro-atol=nan` has no number from 0 to below 1; write, say, `repro-atol=1e-3`"),
        ("repro-ignore=1", "the tag `repro-ignore` takes no value, and `repro-ignore=1` has one"),
    ],
)
def test_a_wrong_tag_is_named(tag: str, fault: str) -> None:
    """The message says what was probably meant."""
    assert tag_faults(_notebook("", tag)) == [f"cell 1: {fault}"]


def test_two_profiles_contradict() -> None:
    """Neither is taken."""
    notebook = _notebook("", "repro-gpu", "repro-cpu")
    assert tag_faults(notebook) == ["cell 1: the tags `repro-cpu` and `repro-gpu` contradict each other"]


def test_no_tag_leaves_the_tolerance_of_the_notebook() -> None:
    """Tags that are not ours say nothing."""
    assert policy_of({"metadata": {"tags": ["x"]}}, Tolerance(0.5, 0.25)).tolerance == Tolerance(0.5, 0.25)
