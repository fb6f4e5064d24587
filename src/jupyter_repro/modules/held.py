"""The objects whose identity settles a value: as long as they are the same, nothing in it has changed."""

from __future__ import annotations

import types
from typing import Any

from .inert import inert

__all__ = ["ATOMS", "DESCRIPTORS", "defined_in", "held"]

ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes))
DESCRIPTORS = (types.MemberDescriptorType, types.GetSetDescriptorType)
_AS_THEY_ARE = frozenset((*ATOMS, *DESCRIPTORS, types.ModuleType, types.BuiltinFunctionType))
_WRAPPERS = (staticmethod, classmethod)


def held(value: Any, home: str, *, inside: tuple[type, ...] = ()) -> list[object]:
    """Return the objects that settle the value, none if it can change inside.

    Args:
        value: Anything.
        home: The module whose definitions are looked into.
        inside: The classes of which the value is a part.
    """
    kind = type(value)
    if kind is types.FunctionType:
        return _function(value)
    if kind in _AS_THEY_ARE:
        return [value]
    if kind in _WRAPPERS:
        return _wrapper(value, [value.__func__])
    if kind is property:
        return _wrapper(value, [part for part in (value.fget, value.fset, value.fdel) if part is not None])
    if issubclass(kind, type):
        if defined_in(value, home):
            return _class(value, home, inside)
        # a class of another module is told by its name
        return [] if defined_in(value, "__main__") else [value]
    return [value] if inert(value) is not None else []


def defined_in(value: type, home: str) -> bool:
    """Whether the class says that it is of this module."""
    module = type.__getattribute__(value, "__module__")
    return type(module) is str and module == home


def _function(value: types.FunctionType) -> list[object]:
    defaults, by_name = value.__defaults__, value.__kwdefaults__
    if value.__closure__ is not None or value.__dict__:
        return []
    if any(type(each) not in ATOMS for each in (*(defaults or ()), *(by_name or {}).values())):
        return []
    return [value, value.__code__, defaults, *(by_name or {}).values()]


def _wrapper(value: Any, functions: list[Any]) -> list[object]:
    found: list[object] = [value]
    for each in functions:
        parts = _function(each) if type(each) is types.FunctionType else []
        if not parts:
            return []
        found += parts
    return found


def _class(value: type, home: str, inside: tuple[type, ...]) -> list[object]:
    """Return the class and all its attributes, unless one of them can change inside."""
    if any(value is each for each in inside):
        return [value]
    found: list[object] = [value, *type.__getattribute__(value, "__bases__")]
    for key, each in type.__getattribute__(value, "__dict__").items():
        if key == "_abc_impl":
            continue
        parts = held(each, home, inside=(*inside, value))
        if not parts:
            return []
        found += parts
    return found
