"""Which module a value comes from is found without running the value's code."""

from __future__ import annotations

import collections
import functools
import json
import math
import types
from typing import Any

import pytest

from jupyter_repro.modules.uses import module_of, modules_used_by


class Hostile:
    """Runs nothing for those who ask."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (json, "json"),
        (json.dumps, "json"),
        (json.JSONDecoder, "json.decoder"),
        (json.JSONDecoder(), "json.decoder"),
        (json.JSONDecoder().decode, "json.decoder"),
        (functools.partial(json.dumps, 1), "json"),
        (math.sqrt, "math"),
        (collections.OrderedDict(), "collections"),
        (1, "builtins"),
    ],
)
def test_the_module_of_a_value(value: object, name: str) -> None:
    """Modules, functions, methods, classes and instances lead to where they were defined."""
    assert module_of(value) == name


def test_no_code_of_the_value_runs() -> None:
    """Not even its attributes are asked for."""
    found = module_of(Hostile())
    assert found == __name__


def test_modules_that_use_each_other() -> None:
    """A circle of imports is followed once."""
    a, b, c = (types.ModuleType(name) for name in "abc")
    a.b, b.a, c.a = b, a, a  # type: ignore[attr-defined] # a module's globals
    modules = {"a": a, "b": b, "c": c}
    assert modules_used_by(["a"], modules) == {"a", "b"}
    assert modules_used_by(["c"], modules) == {"a", "b", "c"}
    assert modules_used_by(["d"], modules) == frozenset()
