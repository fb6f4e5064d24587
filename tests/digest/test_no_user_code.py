"""A digest runs no code of the user's: whatever a class defines, it is read without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jupyter_repro.digest.values import Budget, value_digest


def digest(value: Any) -> str:
    budget = Budget(items=50_000)
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


def _raise(*_: Any, **__: Any) -> Any:
    raise AssertionError("a digest ran code of the user's")


_DUNDERS = (
    "repr", "str", "format", "bytes", "eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "len", "iter", "next",
    "contains", "getitem", "setitem", "missing", "index", "int", "float", "complex", "getattribute", "getattr",
    "reduce", "reduce_ex", "getstate", "getnewargs", "getnewargs_ex", "copy", "deepcopy", "call", "enter", "exit",
    "length_hint", "reversed", "sizeof", "dir", "array", "array_interface", "array_struct", "dataframe", "fspath",
    "buffer", "torch_function", "arrow_array", "arrow_c_stream",
)  # fmt: skip


def hostile(*bases: type, metaclass: type = type, **more: Any) -> Any:
    """Return a class whose every method raises."""
    traps = {f"__{name}__": _raise for name in _DUNDERS}
    return metaclass("Hostile", bases, {"__module__": "__main__", **more, **traps})


_BASES = (object, dict, list, tuple, str, int, float, complex, bytes, set, frozenset, ValueError)


@pytest.mark.parametrize("base", _BASES)
def test_no_method_of_the_users_runs(base: type) -> None:
    """Whatever a class defines, its objects are read without it, alone and within containers."""
    kind = hostile(base)
    value = base.__new__(kind)
    wrapped = {"a": [value], "b": (value, value)}
    assert digest(value) == digest(base.__new__(kind))
    assert digest(wrapped) != digest({"a": [value], "b": (value, None)})


@pytest.mark.parametrize("size", [1, 1000])
def test_no_hash_or_equality_of_the_users_runs(size: int) -> None:
    """Keys of dicts and members of sets are read in place, however many."""
    kind: Any = type("Key", (), {"__module__": "__main__"})
    keys = [kind() for _ in range(size)]
    whole: tuple[Any, ...] = (dict.fromkeys(keys), set(keys), frozenset(keys), dict(enumerate(keys)))
    kind.__hash__ = kind.__eq__ = _raise
    for value in whole:
        assert digest(value)


def test_no_metaclass_of_the_users_runs() -> None:
    """A metaclass that raises at every turn is refused or read, and never asked."""
    meta: Any = type("Meta", (type,), {"__module__": "__main__"})
    kind = meta("Kind", (), {"__module__": "__main__", "x": 1})
    value = kind()
    for name in (
        "hash",
        "eq",
        "getattribute",
        "instancecheck",
        "subclasscheck",
        "len",
        "iter",
        "repr",
        "call",
    ):
        setattr(meta, f"__{name}__", _raise)
    for part in (value, kind, [value] * 1000, {1: value}):
        assert digest(part)


def test_a_class_that_lies_about_itself_is_not_believed() -> None:
    """``__class__``, ``__dict__`` and ``__slots__`` of the user's are not asked."""
    lying = property(_raise)
    kind = type("Liar", (), {"__module__": "__main__", "__class__": lying, "__doc__": lying})
    assert digest(kind())
    hiding = type("Hiding", (), {"__module__": "__main__", "__dict__": lying})
    budget = Budget()
    assert value_digest(hiding(), budget=budget) is None
    assert "values of type Hiding" in budget.why


def test_a_zone_of_the_users_is_read_by_its_attributes() -> None:
    """A time zone of a class of the user's is not asked for its name or its offset."""
    zone: Any = type(
        "Zone", (dt.tzinfo,), {"__module__": "__main__", "utcoffset": _raise, "__repr__": _raise}
    )()
    zone.name = "one"
    noon = dt.time(12, tzinfo=zone)
    before = digest(noon), digest(dt.datetime(2020, 1, 1, tzinfo=zone))
    zone.name = "two"
    assert all(
        old != new
        for old, new in zip(before, (digest(noon), digest(dt.datetime(2020, 1, 1, tzinfo=zone))), strict=True)
    )
