"""Parameters as papermill has them."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.study.sweep.parameters import assigned, literal, with_parameters


def _node(*cells: tuple[str, str]) -> dict[str, Any]:
    return {
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{i}",
                "source": source,
                "metadata": {"tags": [tag] if tag else []},
                "outputs": [],
            }
            for i, (source, tag) in enumerate(cells)
        ]
    }


def test_assigned_and_replaced() -> None:
    """Lines after the tagged cell's own replace its values; the notebook given stays as it is."""
    node = _node(("lr = 0.1\nname: str = 'a'\nx = f()", "parameters"), ("y = lr", ""))
    assert assigned(node) == {"lr": 0.1, "name": "a", "x": None}
    fresh = with_parameters(node, {"lr": 0.2, "name": "b"})
    names: dict[str, Any] = {"f": lambda: 0}
    for cell in fresh["cells"]:
        exec(cell["source"], names)
    assert (names["y"], names["name"]) == (0.2, "b")
    assert len(fresh["cells"]) == 2
    assert node["cells"][0]["source"].startswith("lr = 0.1\nname")


def test_after_the_cell_that_papermill_injected() -> None:
    """A notebook that papermill has run already has a cell that would undo ours."""
    node = _node(("lr = 0.1", "parameters"), ("lr = 0.5", "injected-parameters"))
    assert with_parameters(node, {"lr": 0.2})["cells"][1]["source"] == "lr = 0.5\nlr = 0.2"


@pytest.mark.parametrize(
    ("cells", "values", "told"),
    [
        ((("lr = 1", ""),), {"lr": 2}, "no cell tagged `parameters`"),
        ((("lr = 1", "parameters"),), {"rl": 2}, "assigns no `rl`"),
        ((("lr = 1", "parameters"),), {"lr": object()}, "cannot be written into a cell"),
    ],
    ids=["no-cell", "no-name", "no-literal"],
)
def test_a_parameter_without_effect_is_refused(cells: Any, values: dict[str, Any], told: str) -> None:
    """Never a sweep of something that does not change."""
    with pytest.raises(BadWord, match=told):
        with_parameters(_node(*cells), values)


@pytest.mark.parametrize(
    ("text", "expected"), [("1e-3", 0.001), ("[1, 2]", [1, 2]), ("adam", "adam"), ("True", True)]
)
def test_literal(text: str, expected: object) -> None:
    """Python's literals, else text."""
    assert expected == literal(text)
