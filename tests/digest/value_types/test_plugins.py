"""Packages can add types to the value digests, and cannot break them."""

from __future__ import annotations

import contextvars
import sys
import types
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.value_types import plugins
from jupyter_repro.digest.values import Budget, value_digest

Grid: Any = contextvars.ContextVar
"""A type that nothing of ours knows."""


def feed(digester: Any, value: Any) -> bool:
    if type(value) is not Grid:
        return False
    digester.container("Grid", value, (value.name,))
    return True


def failing(_digester: Any, _value: Any) -> bool:
    raise KeyError("x")


def refusing(_digester: Any, _value: Any) -> bool:
    raise NotLookedInside("too deep for me")


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what installs entry points of a package for one test."""
    module: Any = types.ModuleType("fake_package")
    module.feed, module.failing, module.refusing, module.number = feed, failing, refusing, 3
    monkeypatch.setitem(sys.modules, "fake_package", module)

    def offer(*names: str) -> None:
        points = [EntryPoint(name, f"fake_package:{name}", plugins.GROUP) for name in names]
        found = plugins.Plugins(points)
        monkeypatch.setattr(plugins, "_installed", lambda: found)

    return offer


def look(value: Any) -> tuple[str | None, str]:
    budget = Budget()
    return value_digest(value, budget=budget), budget.why


def test_a_plug_in_feeds_its_type(offered: Any) -> None:
    """A value of a plug-in's type has a digest by what the plug-in feeds."""
    offered("feed")
    assert look(Grid("a")) == look(Grid("a"))
    assert look(Grid("a"))[0] not in (None, look(Grid("b"))[0])
    assert look([Grid("a")])[0] not in (None, look(Grid("a"))[0])


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ([], ""),
        (["failing"], "the plug-in `failing` failed over a value of type ContextVar: KeyError"),
        (["refusing"], "too deep for me"),
        (["missing"], "the plug-in `missing` could not be loaded: AttributeError"),
        (["number"], "the plug-in `number` is not callable"),
    ],
)
def test_a_plug_in_that_fails_is_named(offered: Any, names: list[str], why: str) -> None:
    """No failure of a plug-in gets out; the reason names it."""
    offered(*names)
    found, reason = look(types.SimpleNamespace(held=Grid("a")))
    assert found is None
    assert why in reason


def test_a_plug_in_is_not_asked_for_what_we_know(offered: Any) -> None:
    """Plain values never reach a plug-in."""
    offered("failing")
    for value in (1, [1, [2]], {"a": 1}, look, type, sys):
        assert look(value)[0] is not None


def test_plug_ins_load_when_first_needed() -> None:
    """Nothing is imported before a value comes that nothing else knows."""
    found = plugins.Plugins([EntryPoint("x", "no_such_package:feed", plugins.GROUP)])
    assert found._loaded is None
    with pytest.raises(NotLookedInside, match="could not be loaded: ModuleNotFoundError"):
        found.refuse(Grid("a"))
