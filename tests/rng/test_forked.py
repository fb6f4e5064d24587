"""`fork_rng` leaves no trace in any stream."""

from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from tests.rng.test_registry import Dice

import jupyter_repro
from jupyter_repro.rng import Streams
from jupyter_repro.rng.forked import fork_rng
from jupyter_repro.rng.process import ProcessStreams


def _draw() -> tuple[float, float, float]:
    return random.gauss(0, 1), float(np.random.randn()), torch.rand(1).item()


@pytest.mark.parametrize("seed", [None, 7])
def test_streams_go_on_where_they_were(seed: int | None) -> None:
    """Draws and reseeding in the block, and an error in it, change nothing after it."""
    _draw()
    before = Streams().digests()
    inside = []

    def fail() -> None:
        with jupyter_repro.fork_rng(seed):
            inside.append(_draw())
            random.seed(1)
            np.random.seed(1)
            torch.manual_seed(1 // 0)

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Streams().digests() == before
    with jupyter_repro.fork_rng(seed):
        assert [_draw()] == inside


def test_a_library_imported_in_the_block_is_afterwards_where_its_import_left_it() -> None:
    """The seed in force decides the first draw after the block."""
    code = (
        "import jupyter_repro as r\nr.seed(42)\n"
        "with r.fork_rng():\n    import numpy; numpy.random.rand()\n"
        "print(numpy.random.rand())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("0.3745401188473625", "")


class _OneWay(Dice):
    """Takes a seed and cannot be put back."""

    name = "oneway"

    def restore(self, state: object) -> None:
        raise LookupError("no way back")


def test_what_cannot_be_given_back_is_said() -> None:
    """A stream that stays moved gives a warning with its name and the reason."""
    with (
        pytest.warns(RuntimeWarning, match=r"could not give back oneway \(LookupError: no way back\)"),
        fork_rng(process=ProcessStreams([_OneWay()])),
    ):
        pass
