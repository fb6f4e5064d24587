"""A malformed notebook is rejected before it is run, whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_repro.verifier.compare import compare_notebooks
from jupyter_repro.verifier.errors import BundleRejected
from jupyter_repro.verifier.shape import checked_notebook


def _with(**fields: Any) -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "source": "1", "outputs": [], "metadata": {}, **fields}]}


@pytest.mark.parametrize(
    "notebook",
    [
        {"cells": []},
        _with(),
        _with(source=["a\n", "b"]),
        _with(metadata={"tags": ["x"]}),
        _with(outputs=[{"output_type": "stream", "name": "stdout", "text": ["a"]}]),
        _with(outputs=[{"output_type": "display_data", "data": {}, "metadata": {}}]),
        _with(outputs=[{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]),
        {"cells": [{"cell_type": "markdown", "source": "x"}]},
    ],
)
def test_sound(notebook: dict[str, Any]) -> None:
    """What nbformat 4 writes is taken as it is."""
    assert notebook is checked_notebook(notebook, "n")


@pytest.mark.parametrize(
    "notebook",
    [
        None,
        [],
        {},
        {"cells": 3},
        {"cells": [3]},
        {"cells": [{}]},
        _with(source=3),
        _with(source=[3]),
        _with(metadata=3),
        _with(metadata={"tags": 3}),
        _with(metadata={"jupyter_repro": 3}),
        _with(outputs=3),
        _with(outputs=[3]),
        _with(outputs=[{}]),
        _with(outputs=[{"output_type": []}]),
        _with(outputs=[{"output_type": "other"}]),
        _with(outputs=[{"output_type": "stream", "name": "stdout"}]),
        _with(outputs=[{"output_type": "display_data", "data": 3}]),
        _with(outputs=[{"output_type": "error"}]),
    ],
)
def test_malformed(notebook: object) -> None:
    """One row a fault."""
    with pytest.raises(BundleRejected) as caught:
        checked_notebook(notebook, "n")
    assert caught.value.reason == "notebook"


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
_OUTPUTS = st.fixed_dictionaries(
    {},
    optional={
        "output_type": st.sampled_from(["stream", "display_data", "execute_result", "error"]) | _JSON,
        "name": st.just("stdout") | _JSON,
        "text": st.text(max_size=5) | _JSON,
        "data": st.dictionaries(st.sampled_from(["text/plain", "text/html", "image/png", "a+json"]), _JSON),
        "ename": st.text(max_size=3),
        "evalue": st.text(max_size=3),
    },
)


@example(
    [{"output_type": "display_data", "data": {"text/html": [None]}}],
    [{"output_type": "display_data", "data": {"text/html": None, "text/plain": {}}}],
)
@given(st.lists(_OUTPUTS, max_size=3), st.lists(_OUTPUTS, max_size=3))
def test_what_is_sound_can_be_compared(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> None:
    """After the check, no comparison fails."""
    before, after = _with(outputs=was), _with(outputs=now)
    try:
        checked_notebook(before, "n")
        checked_notebook(after, "n")
    except BundleRejected:
        return
    assert len(compare_notebooks(before, after)) == 1
