"""Several cells in a sentence."""

from __future__ import annotations

import pytest

from jupyter_repro.replay.labels import cells_in_words


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], ""),
        (["cell 3"], "cell 3"),
        (["cell 3", "cell 5"], "cells 3 and 5"),
        (["cell 3", "cell 5", "cell 8"], "cells 3, 5 and 1 more"),
        (["cell 3", "setup"], "cell 3 and setup"),
    ],
)
def test_the_word_cell_is_said_once(labels: list[str], words: str) -> None:
    """Names that are no numbers stand as they are."""
    assert cells_in_words(labels, most=2) == words
