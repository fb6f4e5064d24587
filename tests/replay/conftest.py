"""Lets the tests of this folder share their table, and the generator and the oracle of ``benchmarks/truth``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truth.playground import Playground

HERE = Path(__file__).parent
for folder in (str(HERE), str(HERE.parents[1] / "benchmarks")):
    if folder not in sys.path:
        sys.path.insert(0, folder)


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    """Return where sessions are played, each in a process of its own."""
    from truth.playground import Playground

    ground = Playground()
    yield ground
    ground.close()
