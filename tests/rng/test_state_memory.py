"""A generator's memory tells whether it has moved, as its state does."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.rng import state_memory
from jupyter_repro.rng.state_memory import StateMemory

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS: dict[str, Callable[[random.Random], object]] = {
    "random": lambda one: one.random(),
    "gauss": lambda one: one.gauss(0, 1),
    "bits": lambda one: one.getrandbits(64),
    "shuffle": lambda one: one.shuffle([1, 2, 3]),
    "seed": lambda one: one.seed(7),
    "set": lambda one: one.setstate(random.Random(3).getstate()),
    "many": lambda one: [one.random() for _ in range(312)],
    "nothing": lambda one: one.getstate(),
}


def test_the_memory_is_known_here() -> None:
    """CPython is what we support: the quick way is the one that is used."""
    assert StateMemory(random.Random(1))._memory is not None


@pytest.mark.parametrize("known", [True, False], ids=["by memory", "by state"])
@given(steps=st.lists(st.sampled_from(sorted(DRAWS)), max_size=6))
def test_a_mark_is_the_same_if_the_state_is(*, known: bool, steps: list[str]) -> None:
    """Whatever is done with a generator; also where its layout is another than we know."""
    generator = random.Random(0)
    memory = StateMemory(generator)
    if not known:
        memory._memory = None
    seen = [(generator.getstate(), memory.mark())]
    for step in steps:
        DRAWS[step](generator)
        now = (generator.getstate(), memory.mark())
        assert all((state == now[0]) == (mark == now[1]) for state, mark in seen)
        seen.append(now)


def test_another_layout_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the memory of our own generator is not its state, no memory is read again."""
    monkeypatch.setattr(state_memory, "_tells", lambda memory, generator: False)
    generator = random.Random(2)
    memory = StateMemory(generator)
    assert memory.mark() == generator.getstate()


def test_nothing_is_drawn() -> None:
    """Looking leaves the generator where it is."""
    before = random.getstate()
    StateMemory(random.getstate.__self__).mark()  # type: ignore[attr-defined] # a bound method
    assert random.getstate() == before


def test_a_generator_of_another_class_is_asked() -> None:
    """What a subclass keeps, and where, is its own affair."""

    class Own(random.Random):
        pass

    generator = Own(1)
    assert StateMemory(generator).mark() == generator.getstate()


def test_functions_put_in_the_place_of_the_module_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `getstate` is no method of a generator any more, the function that is there is asked."""
    from jupyter_repro.rng.libs.python import PythonSeeder

    other = random.Random(5)
    monkeypatch.setattr(random, "getstate", lambda *_: other.getstate())
    seeder = PythonSeeder()
    before = seeder.digests()
    assert seeder.digests() == before
    other.random()
    assert seeder.digests() != before
