"""Each built-in seeder: the documented numbers, exact restore, honest settings, nothing drawn."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import numpy.random
import pytest
import torch

from jupyter_repro.rng.libs import PythonSeeder
from jupyter_repro.rng.libs.numpy import NumpySeeder
from jupyter_repro.rng.libs.torch import TorchSeeder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.rng import Seeder

SEEDERS = [PythonSeeder(), NumpySeeder(), TorchSeeder()]
DRAWS = {
    "python": lambda: (random.random(), random.gauss(0, 1)),
    "numpy": lambda: (np.random.rand(), np.random.randn()),
    "torch": lambda: (torch.rand(1).item(), torch.randn(3).tolist()),
}
SEEDED = {
    "python": random.seed,
    "numpy": lambda value: np.random.seed(value % 2**32),
    "torch": lambda value: torch.manual_seed(value % 2**64),
}
each = pytest.mark.parametrize("seeder", SEEDERS, ids=lambda seeder: seeder.name)


@pytest.fixture(autouse=True)
def _streams_as_before() -> Iterator[None]:
    kept = [(seeder, seeder.capture()) for seeder in SEEDERS]
    yield
    for seeder, state in kept:
        seeder.restore(state)


@pytest.mark.parametrize(
    ("seeder", "first"),
    list(zip(SEEDERS, [0.6394267984578837, 0.3745401188473625, 0.8822692632675171], strict=True)),
)
def test_seed_42_gives_the_documented_numbers(seeder: Seeder, first: float) -> None:
    """The first draw is the one that the library's own seed call gives everywhere."""
    seeder.seed(42)
    assert DRAWS[seeder.name]()[0] == first


@each
@pytest.mark.parametrize("value", [0, 1, 42, 2**32, 2**64 + 5, 2**128 - 1])
def test_any_seed_is_in_force_and_verified(seeder: Seeder, value: int) -> None:
    """The state equals a private generator's and the library's own; a reduction is said."""
    seeder.seed(value)
    row = seeder.settings(value)[0]
    assert (row.requested, row.effect) == (str(value), "in force")
    assert row.verified_by.startswith("its state right after seeding is that of a new ")
    assert seeder.digests()[seeder.name] == seeder.expected(value)[seeder.name]
    assert bool(row.note) == (value >= 2**32 and seeder.name != "python")
    ours = seeder.digests()
    SEEDED[seeder.name](value)
    assert seeder.digests() == ours


@each
def test_restore_is_exact_in_the_middle_of_a_gaussian_pair(seeder: Seeder) -> None:
    """Draws after restore are those that would have come."""
    seeder.seed(3)
    DRAWS[seeder.name]()
    state, digests = seeder.capture(), seeder.digests()
    expected = [DRAWS[seeder.name]() for _ in range(4)]
    seeder.seed(9)
    DRAWS[seeder.name]()
    seeder.restore(state)
    assert seeder.digests() == digests
    assert [DRAWS[seeder.name]() for _ in range(4)] == expected


@each
def test_looking_draws_nothing(seeder: Seeder) -> None:
    """Capture, digests, expected and settings leave every stream where it was."""
    before = [one.digests() for one in SEEDERS]
    seeder.capture()
    seeder.expected(5)
    seeder.settings(5)
    assert [one.digests() for one in SEEDERS] == before


@each
def test_a_replaced_seed_function_is_found_out(seeder: Seeder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library's seed call does nothing, nothing is claimed."""
    owner, name = {
        "python": (random, "seed"),
        "numpy": (np.random, "seed"),
        "torch": (torch, "manual_seed"),
    }[seeder.name]
    monkeypatch.setattr(owner, name, lambda value: None)
    DRAWS[seeder.name]()
    seeder.seed(42)
    row = seeder.settings(42)[0]
    assert (row.effect, row.effective) == ("not in force", "")
    assert row.verified_by.startswith("its state right after seeding is not that of a new ")


def test_numpy_gets_its_bit_generator_back() -> None:
    """A bit generator that the user put in between is taken out again."""
    seeder = NumpySeeder()
    state = seeder.capture()
    digests, former = seeder.digests(), np.random.get_bit_generator()
    np.random.set_bit_generator(np.random.PCG64(1))
    assert seeder.digests() != digests
    seeder.restore(state)
    assert np.random.get_bit_generator() is former
    assert seeder.digests() == digests


def test_torch_without_cuda_says_so() -> None:
    """The CUDA row is honest on a machine whose torch has no CUDA."""
    if torch.backends.cuda.is_built():
        pytest.skip("this torch is built with CUDA")
    row = TorchSeeder().settings(42)[1]
    assert (row.name, row.effect, row.effective) == ("seed.torch.cuda", "not available", "")


def test_torch_gives_back_the_seed_that_waits_for_cuda() -> None:
    """Seeds that torch keeps for devices that have not started are the user's again."""
    if torch.cuda.is_initialized():
        pytest.skip("CUDA has started in this process, so no seed waits")
    tracker = torch.cuda._lazy_seed_tracker
    torch.manual_seed(7)
    kept = dict(vars(tracker))
    seeder = TorchSeeder()
    state = seeder.capture()
    seeder.seed(42)
    assert vars(tracker) != kept
    seeder.restore(state)
    assert vars(tracker) == kept
