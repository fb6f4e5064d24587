"""Claims as an author writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.bundle.claims import check_claims, read_claims
from jupyter_repro.bundle.notebook import Notebook, read_notebook
from jupyter_repro.errors import BadWord, ExportRefused
from jupyter_repro.verifier.claims.claim import Claim
from jupyter_repro.verifier.compare.tolerance import Tolerance
from jupyter_repro.verifier.compare.volatile import learn

if TYPE_CHECKING:
    from pathlib import Path


def _node(source: str, text: str = "acc 0.9, 3 s", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": text}] if text else []
    cell = {
        "cell_type": "code",
        "id": "a",
        "source": source,
        "outputs": outputs,
        "metadata": {"tags": list(tags)},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "execution_count": 1}]}


def _notebook(folder: Path, node: dict[str, Any]) -> Notebook:
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(node), encoding="utf-8")
    return read_notebook(path)


@pytest.mark.parametrize(
    ("comment", "claim"),
    [
        ('# repro: claim "Table 2, row 3"', Claim("Table 2, row 3", "a")),
        ("# repro: claim Table 2, row 3", Claim("Table 2, row 3", "a")),
        ("    #repro:claim Figure 1", Claim("Figure 1", "a")),
        ('# repro: claim T1 row="Res Net" column=acc', Claim("T1", "a", row="Res Net", column="acc")),
        ('# repro: claim "p=0.05" after="p ="', Claim("p=0.05", "a", after="p =")),
    ],
    ids=["quoted", "bare", "close", "table", "number"],
)
def test_comment(tmp_path: Path, comment: str, claim: Claim) -> None:
    """A line of its own in the cell."""
    assert read_claims(_notebook(tmp_path, _node(f"x = 1\n{comment}\nx"))) == (claim,)


@pytest.mark.parametrize("named", ["cell 1", "a", "cell  1"])
def test_beside_the_notebook(tmp_path: Path, named: str) -> None:
    """A cell by its label or id."""
    found = read_claims(_notebook(tmp_path, _node("x")), [f"{named}: Table 1 after=acc"])
    assert found == (Claim("Table 1", "a", after="acc"),)


@pytest.mark.parametrize(
    ("source", "outside", "message"),
    [
        ("# repro: claim", (), "says nothing"),
        ("# repro: claim T1 rwo=x", (), "unknown word `rwo=`.*did you mean `row="),
        ("# repro: claim Student's t", (), "double quotes"),
        ('# repro: claim "T1', (), "close the quotes"),
        ("# repro: claim T1 row=x after=y", (), "either"),
        ("# repro: claim T1\n# repro: claim T1", (), "claimed twice"),
        ("x", ("Table 1",), "names no cell"),
        ("x", ("cell 9: Table 1",), "does not have"),
    ],
)
def test_a_slip_is_told(tmp_path: Path, source: str, outside: tuple[str, ...], message: str) -> None:
    """Before anything runs, with the remedy."""
    with pytest.raises(BadWord, match=message):
        read_claims(_notebook(tmp_path, _node(source)), outside)


@pytest.mark.parametrize("tag", ["repro-ignore", "repro-volatile"])
def test_a_claimed_cell_may_not_hold_anything(tmp_path: Path, tag: str) -> None:
    """A claim and a tag that lets everything pass exclude each other."""
    with pytest.raises(BadWord, match="may hold anything"):
        read_claims(_notebook(tmp_path, _node("# repro: claim T1", tags=(tag,))))


@pytest.mark.parametrize(
    ("claim", "reference", "run", "message"),
    [
        (Claim("T1", "a"), "", "", "shows nothing"),
        (Claim("T1", "a", after="f1"), "acc 1", "acc 1", "the author's cell shows no number after `f1`"),
        (Claim("T1", "a"), "3 s", "4 s", "another run of yours gave another result"),
        (Claim("T1", "a", after="acc"), "acc 0.9", "acc 0.8", "gave another result: 0.9 became 0.8"),
    ],
    ids=["nothing shown", "no such part", "whole", "part"],
)
def test_what_cannot_be_claimed(claim: Claim, reference: str, run: str, message: str) -> None:
    """What the author's own runs do not agree on, or do not show."""
    with pytest.raises(ExportRefused, match=message):
        check_claims((claim,), _node("x", reference), [_node("x", run)], tolerance=Tolerance())


def test_a_part_beside_volatile_places() -> None:
    """A time on the same line is excused in the cell; the claimed number is not looked at there."""
    was, now = _node("x", "acc 0.9 after 3.1 s of training"), _node("x", "acc 0.9 after 4.2 s of training")
    masks, _ = learn(was, [now])
    assert masks
    check_claims((Claim("T1", "a", after="acc"),), was, [now], tolerance=Tolerance(), masks=masks)
    with pytest.raises(ExportRefused, match="volatile places"):
        check_claims((Claim("T1", "a"),), was, tolerance=Tolerance(), masks=masks)
