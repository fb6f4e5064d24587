"""DataLoader workers draw apart from a generator that the data set holds, and the same in every run."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from torch.utils.data._utils import worker

import jupyter_repro
from jupyter_repro.rng.held import generators_in
from jupyter_repro.rng.workers import WORKERS, worker_loop

if TYPE_CHECKING:
    from tests.conftest import Bench


class Noisy(torch.utils.data.Dataset[float]):
    """A data set that draws from a generator of its own, as albumentations and many tutorials do."""

    def __init__(self) -> None:
        self.transform = [{"rng": np.random.default_rng(0)}]
        self.augment = random.Random(0)

    def __len__(self) -> int:
        return 8

    def __getitem__(self, index: int) -> Any:
        return torch.tensor([self.transform[0]["rng"].random(), self.augment.random()], dtype=torch.float64)


def _epoch(loader: DataLoader[float]) -> list[list[float]]:
    return torch.cat(list(loader)).tolist()


@pytest.mark.parametrize("persistent", [False, True])
def test_no_number_comes_twice(persistent: bool) -> None:  # noqa: FBT001 - a case of the table
    """In two epochs of two workers all draws differ, and a second run gives the same ones."""
    runs = []
    for _ in range(2):
        with jupyter_repro.seed(42):
            loader = DataLoader(Noisy(), batch_size=2, num_workers=2, persistent_workers=persistent)
            runs.append(_epoch(loader) + _epoch(loader))
    assert len({number for row in runs[0] for number in row}) == 32
    assert runs[0] == runs[1]


def test_the_trap_is_real() -> None:
    """Without us the workers draw the same, and each epoch repeats the first (what we are here for)."""
    loader = DataLoader(Noisy(), batch_size=2, num_workers=2)
    first, second = _epoch(loader), _epoch(loader)
    assert first == second
    assert len({row[0] for row in first}) == 4


def test_the_hook_is_taken_off_again(bench: Bench) -> None:
    """`off` and `workers=off` give torch its own loop back; the status says which is there."""
    real = worker._worker_loop
    bench.write(a="import torch\n%repro seed=42")
    bench.run_all()
    assert worker._worker_loop is worker_loop

    def row() -> tuple[str, str, str]:
        rows = {each.name: each for each in bench.status().settings}
        found = rows["seed.DataLoader workers"]
        return found.requested, found.effect, found.verified_by

    assert row() == ("auto", "in force", "torch's _worker_loop is ours")
    worker._worker_loop = real
    assert row() == ("auto", "not in force", "torch's _worker_loop is not ours")
    bench.shell.run_cell("%repro workers=off")
    assert worker._worker_loop is real
    assert row() == ("off", "in force", "nothing of ours is in the worker's way")
    bench.shell.run_cell("%repro workers=auto")
    assert worker._worker_loop is worker_loop
    bench.shell.run_cell("%repro off")
    assert worker._worker_loop is real
    assert not WORKERS.on


def test_held_generators_are_found_by_path() -> None:
    """Through attributes, lists and dicts, once each, in the order of nearness; nothing is called."""

    class Trap:
        @property
        def rng(self) -> None:
            raise AssertionError("a property was read")

    class Outer:
        def __init__(self) -> None:
            self.inner = Noisy()
            self.again = self.inner
            self.legacy = np.random.RandomState(1)
            self.torch = torch.Generator()
            self.system = random.SystemRandom()
            self.trap = Trap()
            self.loop = self

    found = generators_in(Outer())
    assert [held.path for held in found] == [
        ".legacy",
        ".torch",
        ".inner.augment",
        ".inner.transform[0]['rng']",
    ]
    for held in found:
        state = held.state()
        held.seed(held.derived(42, "a"))
        one = _draw(held.generator)
        held.seed(held.derived(42, "a"))
        assert _draw(held.generator) == one
        held.restore(state)
        two = _draw(held.generator)
        held.restore(state)
        assert _draw(held.generator) == two != one


def _draw(generator: Any) -> float:
    if isinstance(generator, torch.Generator):
        return torch.rand(1, generator=generator).item()
    return float(generator.random() if hasattr(generator, "random") else generator.rand())
