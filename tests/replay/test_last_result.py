"""What a source leaves as the last result, by its text."""

from __future__ import annotations

import pytest

from jupyter_repro.replay.names import analyse


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("1 + 1", "surely"),
        ("x = 1\n(2, 3)", "surely"),
        ("print(1)", "perhaps"),
        ("x", "perhaps"),
        ("xs[0] + 1", "perhaps"),
        ("await later()", "perhaps"),
        ("x = 1", "nothing"),
        ("for i in x:\n    i", "nothing"),
        ("", "nothing"),
    ],
)
def test_what_a_source_shows(source: str, shows: str) -> None:
    """Only the last statement counts, and what may be None may show nothing."""
    assert analyse(source).shows == shows


@pytest.mark.parametrize(
    ("source", "history", "later"),
    [
        ("y = _", {"_"}, set()),
        ("def f():\n    return _\nf()", {"_"}, {"_"}),
        ("_ = 1\ny = _", set(), set()),
        ("for _ in x:\n    pass", set(), set()),
        ("y = _ + __", {"_", "__"}, set()),
    ],
)
def test_who_reads_it(source: str, history: set[str], later: set[str]) -> None:
    """A function reads it whenever it is called."""
    names = analyse(source)
    assert (names.history, names.later_history) == (history, later)
