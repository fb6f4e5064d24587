"""The recipe round-trips; anything else is rejected with one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.verifier.compare.template import HOLES, Template, Token
from jupyter_repro.verifier.compare.volatile import Mask
from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.recipe import Recipe, RecipeCell, RecipeFile

_TEXT = st.text(max_size=20)
_FILES = st.builds(RecipeFile, path=_TEXT, sha256=_TEXT, size=st.integers(0), role=_TEXT, member=_TEXT)
_CELLS = st.builds(RecipeCell, id=_TEXT, label=_TEXT, source_sha256=_TEXT, expects_error=st.none() | _TEXT)
_MASKS = st.builds(
    Mask,
    cell=_TEXT,
    part=_TEXT,
    runs=st.integers(2, 9),
    template=st.builds(
        Template,
        st.lists(
            st.builds(Token, st.just("hole"), st.sampled_from(HOLES))
            | st.builds(Token, st.just("word"), _TEXT)
        ).map(tuple),
    ),
)
_RECIPES = st.builds(
    Recipe,
    notebook=_TEXT,
    python=st.dictionaries(_TEXT, _TEXT),
    platform=st.dictionaries(_TEXT, _TEXT),
    kernel_arguments=st.lists(_TEXT).map(tuple),
    kernel_environment=st.dictionaries(_TEXT, _TEXT),
    files=st.lists(_FILES).map(tuple),
    external_files=st.lists(_FILES).map(tuple),
    rtol=st.floats(0, 0.5),
    atol=st.floats(0, 0.5),
    volatile=st.lists(_MASKS).map(tuple),
    cells=st.lists(_CELLS).map(tuple),
    seed=st.none() | st.fixed_dictionaries({"seed": st.integers()}),
    created_with=_TEXT,
)


@given(_RECIPES)
def test_round_trip(recipe: Recipe) -> None:
    """What is written is read, through JSON."""
    assert recipe == Recipe.from_json(json.loads(json.dumps(recipe.to_json())))


_GOOD = Recipe(notebook="a.ipynb", python={"version": "3.11.7"}, platform={}).to_json()
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(_GOOD)), _JSON)
def test_any_other_field_is_read_or_rejected(field: str, value: Any) -> None:
    """A field of another type is never another error."""
    try:
        Recipe.from_json({**_GOOD, field: value})
    except BundleRejected as error:
        reason = error.reason
    else:
        reason = "recipe"
    assert reason in ("recipe", "schema")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"schema": 2}, "schema"),
        ({"schema": True}, "recipe"),
        ({"notebook": None}, "recipe"),
        ({"compare": {"rtol": 1.0, "atol": 0}}, "recipe"),
        ({"compare": {"rtol": float("nan"), "atol": 0}}, "recipe"),
        ({"compare": {"rtol": -1, "atol": 0}}, "recipe"),
        ({"compare": {"rtol": True, "atol": 0}}, "recipe"),
        ({"kernel": {"arguments": [1], "environment": {}}}, "recipe"),
        ({"kernel": {"arguments": [], "environment": {"A": 1}}}, "recipe"),
        ({"files": [{"path": "x"}]}, "recipe"),
        ({"files": [{"path": "x", "sha256": "y", "size": "1"}]}, "recipe"),
    ],
)
def test_rejected(change: dict[str, Any], reason: str) -> None:
    """One row a rule."""
    with pytest.raises(BundleRejected) as caught:
        Recipe.from_json({**_GOOD, **change})
    assert reason == caught.value.reason


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_not_an_object(data: object) -> None:
    """The top must be an object."""
    with pytest.raises(BundleRejected):
        Recipe.from_json(data)


def test_unknown_fields_of_a_cell_are_left_out() -> None:
    """A later writer may say more."""
    row = {"id": "a", "label": "cell 1", "source_sha256": "0", "expects_error": None, "duration_s": 0.1}
    assert Recipe.from_json({**_GOOD, "cells": [row]}).cells == (RecipeCell("a", "cell 1", "0"),)


def test_a_volatile_place_that_is_none_is_rejected() -> None:
    """Nothing in a bundle excuses more than it says."""
    data = Recipe(notebook="a", python={}, platform={}).to_json()
    data["compare"]["volatile"] = [
        {"cell": "a", "part": "printed", "runs": 2, "text": [["hole", "everything"]]}
    ]
    with pytest.raises(BundleRejected, match="no hole of the kind `everything`"):
        Recipe.from_json(data)


def test_a_bundle_from_before_calibration() -> None:
    """It has no volatile places."""
    data = Recipe(notebook="a", python={}, platform={}).to_json()
    del data["compare"]["volatile"]
    assert Recipe.from_json(data).volatile == ()
