"""Streams by name: derived from (seed, name) alone, apart from each other, the same everywhere."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import jupyter_repro
from jupyter_repro.errors import BadWord, NoSeed
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.rng.derive import derive

if TYPE_CHECKING:
    from tests.conftest import Bench


def test_published_numbers_stay() -> None:
    """What a paper printed with a name is what the next version gives."""
    assert jupyter_repro.child_seed("split/train", seed=42) == 3696999070
    assert jupyter_repro.generator("augment", seed=42).random() == 0.5693471396363512
    assert jupyter_repro.generator("augment", seed=42, kind="python").random() == 0.5145083847015126


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((42, "a", "bc"), (42, "ab", "c")),
        ((42, "1"), (42, 1)),
        ((1, "x", 2), (2, "x", 1)),
        ((0, "rank", 1), (1, "rank", 0)),
    ],
)
def test_no_two_paths_meet(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    """Parts are kept apart by kind and length, and a seed is never added to an index."""
    assert derive(*one) != derive(*other)


def test_a_thousand_neighbours_have_distinct_seeds() -> None:
    """Neighbouring seeds and indices give unrelated numbers."""
    found = {derive(seed, "sample", index) for seed in range(20) for index in range(50)}
    assert len(found) == 1000


def test_they_follow_the_seed_in_force() -> None:
    """A scope has names of its own; without a seed there are none, and the message says what to do."""
    with jupyter_repro.seed(42):
        outer = jupyter_repro.child_seed("a")
        with jupyter_repro.seed(7):
            assert jupyter_repro.child_seed("a") != outer
        assert jupyter_repro.child_seed("a") == outer == jupyter_repro.child_seed("a", seed=42)
        random.random()
        assert jupyter_repro.child_seed("a") == outer
    with pytest.raises(NoSeed, match=r"no seed is in force, so `a` has none; write `%repro seed=42`"):
        jupyter_repro.child_seed("a")


def test_each_kind_of_generator() -> None:
    """NumPy, torch and Python generators are reproducible, and leave the global streams alone."""
    before = torch.get_rng_state().tolist(), random.getstate(), np.random.get_state(legacy=False)
    for kind, draw in (
        ("numpy", lambda g: g.random(3).tolist()),
        ("torch", lambda g: torch.rand(3, generator=g).tolist()),
        ("python", lambda g: [g.random() for _ in range(3)]),
    ):
        made = [jupyter_repro.generator(name, kind=kind, seed=42) for name in ("a", "a", "b")]  # type: ignore[arg-type] # a word of the table
        one, same, other = (draw(each) for each in made)
        assert one == same != other
    after = torch.get_rng_state().tolist(), random.getstate(), np.random.get_state(legacy=False)
    assert before[:2] == after[:2]
    assert (before[2]["state"]["key"] == after[2]["state"]["key"]).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: jupyter_repro.child_seed("", seed=1), "a stream needs a name"),
        (lambda: jupyter_repro.child_seed(3, seed=1), "a stream needs a name"),  # type: ignore[arg-type] # the slip
        (lambda: jupyter_repro.child_seed("a", seed=-1), "not negative"),
        (lambda: jupyter_repro.child_seed("a", seed=1, domain="local"), "`local` is no domain"),  # type: ignore[arg-type] # the slip
        (lambda: jupyter_repro.generator("a", seed=1, kind="cupy"), "no generator is of the kind `cupy`"),  # type: ignore[arg-type] # the slip
    ],
)
def test_a_slip_is_named(call: Any, says: str) -> None:
    """Each wrong argument has its message."""
    with pytest.raises(BadWord, match=says):
        call()


def test_ranks_have_a_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared domain is equal on every rank; the other differs, and is not the neighbour's seed."""
    found = []
    for rank in range(4):
        monkeypatch.setenv("RANK", str(rank))
        monkeypatch.setenv("WORLD_SIZE", "4")
        found.append(
            [jupyter_repro.child_seed("a", seed=seed, domain="rank") for seed in (42, 43)]
            + [jupyter_repro.child_seed("a", seed=42)]
        )
    assert len({row[2] for row in found}) == 1
    assert len({seed for row in found for seed in row[:2]}) == 8


def test_a_cell_that_asked_for_a_child_seed_reads_the_seed(bench: Bench) -> None:
    """After another seed its result is not what run-all gives; after the first one again it is."""
    bench.write(seed="%repro seed=42", use="import jupyter_repro\ns = jupyter_repro.child_seed('a')")
    bench.run_all()
    assert bench.verdicts() == {"seed": "reproduced", "use": "reproduced"}
    with unwatched():
        bench.edit("seed", "%repro seed=7")
    bench.run("seed")
    assert bench.verdicts()["use"] != "reproduced"
    bench.run("use")
    assert bench.verdicts() == {"seed": "reproduced", "use": "reproduced"}


def test_fork_rng_reads_the_streams_that_it_gives_back(bench: Bench) -> None:
    """A draw inside the block hangs on the state before it, although nothing has moved after."""
    bench.write(
        seed="%repro seed=42",
        draw="import random\nx = random.random()",
        use="import jupyter_repro\nwith jupyter_repro.fork_rng():\n    y = random.random()",
    )
    bench.run_all()
    assert set(bench.verdicts().values()) == {"reproduced"}
    bench.run("draw", "use")
    assert bench.verdicts()["use"] != "reproduced"
