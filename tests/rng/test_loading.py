"""The loader gives the same batches with any number of workers, from any position on."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.utils.data import IterableDataset, TensorDataset

import jupyter_repro
from jupyter_repro.errors import BadLoader, NoSeed
from jupyter_repro.rng import Streams

if TYPE_CHECKING:
    from tests.conftest import Bench

# torch advises no more workers than the machine has cores; here the number is what is tested
pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create:UserWarning")


class Augmented(torch.utils.data.Dataset[Any]):
    """Draws from every stream there is, and from generators of its own."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)
        self.more = [random.Random(0), torch.Generator(), np.random.RandomState(0)]

    def __len__(self) -> int:
        return 11

    def __getitem__(self, index: int) -> Any:
        python, generator, legacy = self.more
        numbers = [
            float(index), random.gauss(0, 1), np.random.rand(), torch.rand(1).item(), self.rng.random(),
            python.random(), torch.rand(1, generator=generator).item(), legacy.rand(),
        ]  # fmt: skip
        return torch.tensor(numbers, dtype=torch.float64)


def _collate(samples: list[torch.Tensor]) -> torch.Tensor:
    """Draw once a batch, as mixup does."""
    return torch.stack(samples) + torch.rand(1).item()


def _loader(workers: int, **options: Any) -> Any:
    given = {"batch_size": 2, "shuffle": True, "collate_fn": _collate, "seed": 42, **options}
    return jupyter_repro.loader(Augmented(), num_workers=workers, **given)


def _pass(loader: Any) -> list[list[list[float]]]:
    return [batch.tolist() for batch in loader]


def test_any_number_of_workers_gives_the_same_batches() -> None:
    """Two epochs with 0, 1 and 3 workers are equal bit for bit; the two epochs are not."""
    expected = None
    for workers in (0, 1, 3):
        loader = _loader(workers)
        found = [_pass(loader), _pass(loader)]
        assert found[0] != found[1]
        assert found == (expected or found)
        expected = found


@pytest.mark.parametrize(("before", "after"), [(2, 3), (0, 2), (3, 0)])
def test_it_goes_on_where_it_was(before: int, after: int) -> None:
    """A state of the middle of the second epoch, loaded with another number of workers, gives the rest."""
    straight = _loader(0)
    expected = _pass(straight) + _pass(straight) + _pass(straight)
    first = _loader(before)
    found = _pass(first)
    for batch in first:
        found.append(batch.tolist())
        if len(found) == 6 + 2:
            state = first.state_dict()
            break
    assert (state["epoch"], state["batch"]) == (1, 2)
    random.seed(5)
    torch.manual_seed(5)
    second = _loader(after)
    second.load_state_dict(state)
    assert found + _pass(second) + _pass(second) == expected


def test_persistent_workers_change_nothing() -> None:
    """Workers that stay give what none give."""
    loader = _loader(2, persistent_workers=True)
    expected = [_pass(loader), _pass(loader)]
    again = _loader(0)
    assert [_pass(again), _pass(again)] == expected


def test_the_users_streams_are_left_alone() -> None:
    """Without workers all is done in the user's process, and no stream moves, those of the data set too."""
    loader = _loader(0)
    held = loader.dataset.held()
    before = Streams().digests(), [str(each.state()) for each in held]
    _pass(loader)
    assert (Streams().digests(), [str(each.state()) for each in held]) == before
    assert loader.held_generators == (".rng", ".more[0]", ".more[1]", ".more[2]")


def test_a_loop_that_is_left_early_begins_the_next_epoch() -> None:
    """As a plain loader: each `for` is a pass of its own; `set_epoch` chooses it."""
    expected = _loader(0)
    first, second = _pass(expected), _pass(expected)
    loader = _loader(0)
    for _ in loader:
        break
    assert _pass(loader) == second
    loader.set_epoch(0)
    assert _pass(loader) == first
    assert loader.state_dict()["epoch"] == loader.epoch == 1


@pytest.mark.parametrize(
    ("length", "ranks", "drop_last", "sizes"),
    [(10, 2, False, [5, 5]), (11, 2, False, [6, 6]), (11, 2, True, [4, 4]), (2, 5, False, [1, 1, 1, 1, 1])],
)
def test_ranks_share_one_order(length: int, ranks: int, drop_last: bool, sizes: list[int]) -> None:  # noqa: FBT001 - a case of the table
    """Together they see every sample, each of them as many."""
    data = TensorDataset(torch.arange(length))
    options: dict[str, Any] = {"batch_size": 2, "shuffle": True, "drop_last": drop_last, "seed": 1}
    shares = [
        [int(x) for batch in jupyter_repro.loader(data, shard=(rank, ranks), **options) for x in batch[0]]
        for rank in range(ranks)
    ]
    assert [len(share) for share in shares] == sizes
    if not drop_last:
        assert {x for share in shares for x in share} == set(range(length))


def test_it_follows_the_seed_and_its_name() -> None:
    """Without `seed=` the seed in force counts; two names have two orders."""
    data = TensorDataset(torch.arange(100))

    def order(**options: Any) -> list[int]:
        loader = jupyter_repro.loader(data, batch_size=100, shuffle=True, **options)
        return [int(x) for x in next(iter(loader))[0]]

    with pytest.raises(NoSeed):
        order()
    with jupyter_repro.seed(42):
        assert order() == order() == order(seed=42) != order(name="validation")


def test_the_verdicts_know_the_position(bench: Bench) -> None:
    """Two passes down the page are reproduced; another pass of the first cell is not what run-all gives."""
    bench.write(
        seed="import torch, jupyter_repro\nfrom torch.utils.data import TensorDataset\n%repro seed=42",
        make="loader = jupyter_repro.loader(TensorDataset(torch.arange(8)), batch_size=4, shuffle=True)",
        one="x = [batch[0].tolist() for batch in loader]",
        two="y = [batch[0].tolist() for batch in loader]",
    )
    bench.run_all()
    assert set(bench.verdicts().values()) == {"reproduced"}
    bench.run("one")
    assert bench.verdicts()["one"] != "reproduced"


class _Stream(IterableDataset[int]):
    def __iter__(self) -> Any:
        return iter(range(3))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"dataset": _Stream()}, "a _Stream has no samples by index"),
        ({"sampler": [1]}, "`sampler=` would decide the order"),
        ({"in_order": False}, "left to chance"),
        ({"batch_size": 0}, "no number of samples"),
        ({"shard": (2, 2)}, "is no share"),
    ],
)
def test_what_would_break_the_promise_is_refused(options: dict[str, Any], says: str) -> None:
    """Each refusal says why."""
    dataset = options.pop("dataset", [1, 2, 3])
    with pytest.raises(BadLoader, match=says):
        jupyter_repro.loader(dataset, seed=1, **options)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"seed": "0"}, "a loader with seed"),
        ({"samples": 12}, "a loader with samples 12, this one has 11"),
        ({"batch_size": 3}, "a loader with batch_size 3"),
        ({"version": 2}, "a loader with version 2"),
        ({"batch": 99}, "no pass is at epoch 0, batch 99"),
        ({"epoch": -1}, "no pass is at epoch -1"),
    ],
)
def test_a_state_of_another_loader_is_refused(change: dict[str, Any], says: str) -> None:
    """Going on with other batches would be worse than stopping."""
    loader = _loader(0)
    with pytest.raises(BadLoader, match=says):
        loader.load_state_dict({**loader.state_dict(), **change})
