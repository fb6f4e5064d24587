"""Values of configurations as plain JSON data, without running a line of the user's."""

from __future__ import annotations

import datetime as dt
import enum
import math
import pathlib
import types
from typing import Any

__all__ = ["MOST", "TooLarge", "plain"]

MOST = 5000
"""Values of one configuration: what has more is data."""
_DEEPEST = 30
_LONGEST = 20_000
"""Characters of one text."""


class TooLarge(Exception):
    """It has more values, or levels, than a configuration has."""


class _Budget:
    def __init__(self) -> None:
        self.left = MOST

    def spend(self, level: int) -> None:
        self.left -= 1
        if self.left < 0 or level > _DEEPEST:
            raise TooLarge


def plain(value: Any, *, foreign: bool = True) -> Any:
    """Return plain dicts, lists and atoms; objects of other types are named by their type.

    Args:
        value: Any value; nothing of it is called.
        foreign: Name objects that are no configuration values; else they make it none.

    Raises:
        TooLarge: It is no configuration by its size.
        TypeError: It holds an object of another type, and ``foreign`` is False.
    """
    return _plain(value, _Budget(), 0, foreign=foreign)


def _plain(value: Any, budget: _Budget, level: int, *, foreign: bool) -> Any:
    budget.spend(level)
    if issubclass(type(value), enum.Enum):
        return value._name_
    atom = _atom(value)
    if atom is not None or value is None:
        return atom
    kind = type(value)
    if issubclass(kind, dict):
        items = dict.items(value)
        return {_key(key): _plain(each, budget, level + 1, foreign=foreign) for key, each in items}
    if issubclass(kind, (list, tuple)):
        parts = list.__iter__(value) if issubclass(kind, list) else tuple.__iter__(value)
        return [_plain(each, budget, level + 1, foreign=foreign) for each in parts]
    if kind in (set, frozenset):
        found = [_plain(each, budget, level + 1, foreign=foreign) for each in value]
        return sorted(found, key=lambda each: (type(each).__name__, str(each)))
    if not foreign:
        raise TypeError(kind.__qualname__)
    named = value if issubclass(kind, (type, types.FunctionType, types.BuiltinFunctionType)) else kind
    return f"<{getattr(named, '__module__', '')}.{getattr(named, '__qualname__', kind.__qualname__)}>"


def _atom(value: Any) -> Any:
    """Return an atom as JSON has it, None for what is none."""
    kind = type(value)
    if kind in (bool, int):
        return value
    if kind is float:
        return value if math.isfinite(value) else str(value)
    if kind is str:
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}... ({len(value)} characters)"
    if kind in (dt.date, dt.datetime, dt.time):
        return value.isoformat()
    if kind is bytes:
        return f"<{len(value)} bytes>"
    if issubclass(kind, pathlib.PurePath) and kind.__module__.startswith("pathlib"):
        return str(value)
    if kind.__module__ == "numpy" and getattr(value, "shape", None) == () and hasattr(value, "item"):
        return _atom(value.item())
    return None


def _key(key: Any) -> str:
    atom = _atom(key)
    return f"<{type(key).__qualname__}>" if atom is None else str(atom)
