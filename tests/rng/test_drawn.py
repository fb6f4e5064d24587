"""Numbers between two states."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.rng.drawn import SEEN, SeenStates, Twister
from jupyter_repro.rng.libs.numpy import NumpySeeder
from jupyter_repro.rng.libs.python import PythonSeeder
from jupyter_repro.rng.libs.torch import TorchSeeder

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = (0, 1, 5, 623, 624, 625, 1300, 10_007)


def _python(count: int) -> None:
    for _ in range(count):
        random.getrandbits(32)


def _numpy(count: int) -> None:
    import numpy as np

    if count:  # nothing takes a number too
        np.random.bytes(4 * count)


def _torch(count: int) -> None:
    import torch

    torch.randint(0, 100, (count,))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("already", [0, 7, 624])
@pytest.mark.parametrize(
    ("seeder", "draw"),
    [
        pytest.param(PythonSeeder(), _python, id="python"),
        pytest.param(NumpySeeder(), _numpy, id="numpy"),
        pytest.param(TorchSeeder(), _torch, id="torch"),
    ],
)
def test_numbers_are_counted(
    seeder: PythonSeeder | NumpySeeder | TorchSeeder,
    draw: Callable[[int], None],
    already: int,
    count: int,
) -> None:
    """From wherever in a block to wherever in another."""
    for module in seeder.modules:
        pytest.importorskip(module, reason="the library is not installed")
    found = seeder.capture()
    try:
        seeder.seed(11)
        draw(already)
        before = seeder.digests()[seeder.name]
        draw(count)
        after = seeder.digests()[seeder.name]
    finally:
        seeder.restore(found)
    assert SEEN.between([(before, after)]) == count
    assert SEEN.between([(before, after), (before, after)]) == 2 * count


def test_what_cannot_be_told_is_unknown() -> None:
    """A stream that was seeded in between, one that goes back, and a state that nobody has seen."""
    states = SeenStates()
    one, two = random.Random(1), random.Random(2)
    states.keep("one", lambda: Twister.of_python(one.getstate()[1]))
    states.keep("two", lambda: Twister.of_python(two.getstate()[1]))
    later = random.Random(1)
    later.random()
    states.keep("later", lambda: Twister.of_python(later.getstate()[1]))
    assert states.between([("one", "two")]) is None
    assert states.between([("one", "never")]) is None
    assert states.between([("one", "later")]) == 2
    assert states.between([]) == 0
    states.keep("end", lambda: Twister(tuple(later.getstate()[1][:-1]), 0))
    assert states.between([("later", "end")]) is None


def test_the_oldest_states_are_let_go() -> None:
    """A long session keeps a bounded number of them."""
    states = SeenStates()
    for number in range(3000):
        states.keep(str(number), lambda: Twister((0,) * 624, 0))
    assert states.between([("0", "1")]) is None
    assert states.between([("2998", "2999")]) == 0
