"""The digest of a source is of what runs, not of how an editor ends its lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.digest import source_digest


@pytest.mark.parametrize(
    "other", ["x = 1\ny = 2\n", "x = 1\r\ny = 2", "\n\nx = 1\ny = 2", "x = 1\ny = 2\n\n", "x = 1\ny = 2  \n"]
)
def test_the_same_program(other: str) -> None:
    """Front ends differ in line ends and in blank lines around."""
    assert source_digest(other) == source_digest("x = 1\ny = 2")


@pytest.mark.parametrize(
    "other",
    [
        "x = 1\ny = 3",
        "x = 1\n\ny = 2",
        " x = 1\ny = 2",
        "x = 1 \ny = 2",
        "y = 2\nx = 1",
        "x = 1\n  y = 2",
        "",
    ],
)
def test_another_program(other: str) -> None:
    """Indentation counts, blank lines inside count (they may lie in a string)."""
    assert source_digest(other) != source_digest("x = 1\ny = 2")


@given(source=st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_digest(source: str) -> None:
    """Lone surrogates too."""
    digest = source_digest(source)
    assert len(digest) == 64
    assert digest == source_digest(source)
