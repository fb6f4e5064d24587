# ruff: noqa: D102 - the methods are those of the Seeder protocol
"""Plug-ins are found, and a broken one is a row of the table, never an error."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.rng import RngState, Streams, find_seeders
from jupyter_repro.rng.process import ProcessStreams
from jupyter_repro.rng.registry import GROUP

if TYPE_CHECKING:
    from jupyter_repro.records import Setting

OURS = ["python", "numpy", "torch", "named", "cupy", "jax", "numba", "scipy", "sklearn", "tensorflow"]


class Dice:
    """A library with one stream."""

    name = "dice"
    modules: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.state = 0

    def loaded(self) -> bool:
        return True

    def seed(self, value: int) -> None:
        self.state = value

    def capture(self) -> RngState:
        return RngState(streams={"dice": self.state})

    def restore(self, state: RngState) -> None:
        self.state = state.streams["dice"]

    def digests(self) -> dict[str, str]:
        return {"dice": str(self.state)}

    def expected(self, value: int) -> dict[str, str]:
        return {"dice": str(value)}

    def settings(self, value: int) -> tuple[Setting, ...]:
        return ()


class Loud(Dice):
    """Fails wherever it can."""

    name = "loud"

    def seed(self, value: int) -> None:
        raise LookupError("no dice")

    def digests(self) -> dict[str, str]:
        raise LookupError("no dice")


class Broken(Dice):
    """Cannot even be made."""

    def __init__(self) -> None:
        raise LookupError("no licence")


class Taken(Dice):
    """Has a name of ours."""

    name = "numpy"


@pytest.fixture
def point(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A factory of entry points into a module that is there only for the test."""
    module = ModuleType("jr_plugin")
    monkeypatch.setitem(sys.modules, "jr_plugin", module)

    def make(name: str, value: object) -> EntryPoint:
        setattr(module, name, value)
        return EntryPoint(name=name, value=f"jr_plugin:{name}", group=GROUP)

    return make


def test_built_in() -> None:
    """Without plug-ins there are ours, the usual ones first."""
    seeders, broken = find_seeders(())
    assert [seeder.name for seeder in seeders] == OURS
    assert broken == ()


@pytest.mark.parametrize("value", [Dice, Dice()])
def test_a_plug_in_joins(point: Any, value: object) -> None:
    """A seeder or its class is taken."""
    seeders, broken = find_seeders([point("dice", value)])
    assert [seeder.name for seeder in seeders] == [*OURS, "dice"]
    assert broken == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (Broken, "LookupError: no licence"),
        (object(), "TypeError: `jr_plugin:dice` is not a seeder"),
        (Taken, "another seeder has the name `numpy`"),
    ],
)
def test_a_broken_plug_in_is_a_row(point: Any, value: object, reason: str) -> None:
    """The row says what is wrong and what to do."""
    seeders, (row,) = find_seeders([point("dice", value)])
    assert len(seeders) == len(OURS)
    assert (row.name, row.effect) == ("seed.dice", "not available")
    assert row.note == f"{reason}; update or remove the package that offers `jr_plugin:dice`"


def test_a_missing_module_is_a_row() -> None:
    """A plug-in whose package is half removed does not stop the seeding."""
    _, (row,) = find_seeders([EntryPoint(name="gone", value="jr_gone:seeder", group=GROUP)])
    assert row.note.startswith("ModuleNotFoundError: No module named 'jr_gone'")


def test_a_plug_in_that_fails_later_is_not_in_force() -> None:
    """Its exception becomes a row, its stream unknown, and the others are seeded."""
    dice, loud = Dice(), Loud()
    streams = Streams(ProcessStreams([loud, dice]))
    streams.begin(42)
    rows = {row.name: row for row in streams.settings()}
    assert rows["seed.loud"].effect == "not in force"
    assert rows["seed.loud"].note == "LookupError: no dice; restart the kernel"
    assert (dice.state, streams.digests()["loud"]) == (42, None)
    assert streams.end() == ()
    assert dice.state == 0
