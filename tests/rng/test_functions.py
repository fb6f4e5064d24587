"""Seed functions of pytest-randomly's entry points join, and claim no more than they can."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING

from jupyter_repro.rng import Streams, find_seeders
from jupyter_repro.rng.functions import FUNCTIONS, FunctionSeeder
from jupyter_repro.rng.process import ProcessStreams

if TYPE_CHECKING:
    import pytest

    from jupyter_repro.records import Setting

POINT = EntryPoint(name="dice", value="jr_dice:reseed", group=FUNCTIONS)


def _package(monkeypatch: pytest.MonkeyPatch, got: list[int]) -> None:
    module = ModuleType("jr_dice")
    module.reseed = got.append  # type: ignore[attr-defined] # a module made for the test
    monkeypatch.setitem(sys.modules, "jr_dice", module)


def _rows(streams: Streams, seed: int) -> dict[str, Setting]:
    return {row.name: row for row in streams.begin(seed)}


def test_it_waits_for_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function is not loaded before the package is imported; then it gets 32 bits of the seed."""
    seeders, broken = find_seeders([POINT])
    assert (seeders[-1].name, broken) == ("dice", ())
    streams = Streams(ProcessStreams([seeders[-1]]))
    assert "dice" in _rows(streams, 2**32 + 5)["seed.others"].verified_by
    got: list[int] = []
    _package(monkeypatch, got)
    row = _rows(streams, 2**32 + 5)["seed.dice"]
    assert (got, row.effective, row.effect) == ([5], "5", "in force")
    assert row.verified_by == "not verified: `jr_dice:reseed` was called; its state cannot be read"
    (left,) = streams.end()
    assert "only seeds, so the state before is not known" in left.note


def test_a_whole_seeder_of_the_same_package_is_preferred() -> None:
    """Of two entries with one name ours is taken, silently."""
    seeders, broken = find_seeders([EntryPoint("numpy", "jr_dice:reseed", FUNCTIONS)])
    assert not any(isinstance(each, FunctionSeeder) for each in seeders)
    assert broken == ()
