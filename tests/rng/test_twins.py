"""Generators of one stream are found, where several were meant; others are not accused."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import jupyter_repro
from jupyter_repro.rng.twins import find_twins

if TYPE_CHECKING:
    from tests.conftest import Bench


def _moved(generator: Any) -> Any:
    generator.random()
    return generator


def _global_twin() -> np.random.RandomState:
    twin = np.random.RandomState()
    twin.set_state(np.random.get_state())
    return twin


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, tuple[str, ...]]]]] = {
    "equal numpy seeds": (
        {"a": np.random.default_rng(1), "b": np.random.default_rng(1)},
        [("equal state", ("a", "b"))],
    ),
    "one has moved": (
        {"a": _moved(np.random.default_rng(1)), "b": np.random.default_rng(1)},
        [("same origin", ("a", "b"))],
    ),
    "a copy": (
        {"a": (rng := random.Random(3)), "b": copy.deepcopy(rng)},
        [("equal state", ("a", "b"))],
    ),
    "torch generators that nobody seeded": (
        {"a": torch.Generator(), "b": torch.Generator()},
        [("equal state", ("a", "b"))],
    ),
    "held by objects": (
        {"train": [np.random.default_rng(2)], "test": {"rng": np.random.default_rng(2)}},
        [("equal state", ("train[0]", "test['rng']"))],
    ),
    "the global one": ({"mine": _global_twin()}, [("equal state", ("NumPy's global generator", "mine"))]),
    "one object by two names": ({"a": (same := np.random.default_rng(1)), "b": same}, []),
    "children of one sequence": (dict(zip("ab", np.random.default_rng(1).spawn(2), strict=True)), []),
    "other seeds, other kinds": (
        {"a": np.random.default_rng(1), "b": np.random.default_rng(2), "c": np.random.Generator(np.random.Philox(1))},
        [],
    ),
    "fresh entropy": ({"a": np.random.default_rng(), "b": np.random.default_rng(), "c": random.Random()}, []),
    "by name": (
        {name: jupyter_repro.generator(name, seed=1) for name in ("train", "test")},
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("namespace", "expected"), CASES.values(), ids=CASES)
def test_twins(namespace: dict[str, Any], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """Each pair with its kind; looking draws nothing."""
    if "mine" in namespace:
        namespace = {"mine": _global_twin()}
    assert [(twins.kind, twins.holders) for twins in find_twins(namespace)] == expected
    assert [(twins.kind, twins.holders) for twins in find_twins(namespace)] == expected


class _Noisy(torch.utils.data.Dataset[int]):
    def __init__(self) -> None:
        self.rng = np.random.default_rng(5)

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        return index


def test_copies_in_workers() -> None:
    """A loader whose workers would copy a generator is named, unless they are seeded apart."""
    namespace = {
        "loader": DataLoader(_Noisy(), num_workers=2),
        "alone": DataLoader(_Noisy.__new__(_Noisy), num_workers=2),
        "main": DataLoader(_Noisy(), num_workers=0),
        "seeded": DataLoader(_Noisy(), num_workers=2, worker_init_fn=print),
        "ours": jupyter_repro.loader(_Noisy(), num_workers=2, seed=1),
    }

    def copied() -> list[tuple[str, ...]]:
        return [twins.holders for twins in find_twins(namespace) if twins.kind == "copied to workers"]

    assert copied() == [("loader.dataset.rng",)]
    with jupyter_repro.seed(42):
        assert copied() == []


def test_the_status_tells_it(bench: Bench) -> None:
    """RP210 and RP211, with the names as in the notebook and what to write."""
    bench.write(
        a="import numpy as np\nimport torch\nsplit, noise = np.random.default_rng(1), np.random.default_rng(1)",
        b="class D(torch.utils.data.Dataset):\n"
        "    def __init__(self): self.rng = np.random.default_rng(2)\n"
        "loader = torch.utils.data.DataLoader(D(), num_workers=2)",
    )
    bench.run_all()
    found = {finding.code: finding for finding in bench.status().findings}
    assert found["RP210"].message == "`split` and `noise` will draw the same numbers"
    assert found["RP211"].message.startswith("`loader.dataset.rng`: every worker gets a copy")
    bench.shell.run_cell("%repro seed=42")
    assert "RP211" not in {finding.code for finding in bench.status().findings}
