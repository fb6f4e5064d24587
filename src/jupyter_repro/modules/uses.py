"""Which user modules a value comes from, and which ones a module reaches."""

from __future__ import annotations

import functools
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["module_of", "modules_used_by"]

_CALLABLES = (types.FunctionType, types.BuiltinFunctionType)


def module_of(value: Any) -> str | None:
    """Return the name of the module that a value is or was defined in; no code of the value runs."""
    kind: type = type(value)  # isinstance would ask the value for its __class__
    if issubclass(kind, types.ModuleType):
        name = types.ModuleType.__getattribute__(value, "__dict__").get("__name__")
    elif kind in _CALLABLES:
        name = value.__module__
    elif kind is types.MethodType:
        return module_of(value.__func__)
    elif kind is functools.partial:
        return module_of(value.func)
    elif issubclass(kind, type):
        name = type.__getattribute__(value, "__module__")
    else:
        name = type.__getattribute__(kind, "__module__")
    return name if type(name) is str else None


def modules_used_by(names: Iterable[str], modules: Mapping[str, types.ModuleType]) -> frozenset[str]:
    """Return the modules of these names, and those that their globals come from, transitively."""
    found: set[str] = set()
    left = [name for name in names if name in modules]
    while left:
        name = left.pop()
        if name in found:
            continue
        found.add(name)
        held = types.ModuleType.__getattribute__(modules[name], "__dict__")
        reached = {module_of(value) for value in held.copy().values()}
        left.extend(other for other in reached if other is not None and other in modules)
    return frozenset(found)
