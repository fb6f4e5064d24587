"""Functions and classes of the notebook that were put into modules and classes of others."""

from __future__ import annotations

import functools
import gc
import os
import sys
import sysconfig
import types
import weakref
from typing import Any

__all__ = ["is_users_module", "of_import", "put_into"]

_seen: dict[int, tuple[weakref.ref[Any], int, tuple[Any, ...]]] = {}
"""Identity of a module or class -> itself, how many names it had, and what of the notebook was among them."""


def put_into(holder: Any, held: Any, home: str, *, anew: bool) -> tuple[Any, ...]:
    """Return what of the notebook is among the attributes of a library's module or class.

    ``pd.DataFrame.spread = spread`` makes ``spread`` part of every frame. What was added is seen at once;
    what took the place of something else only with ``anew``, for the sake of speed.

    Args:
        holder: The module or class.
        held: Its attributes by name.
        home: The name of the notebook's module.
        anew: Look at all of them again.
    """
    known = _seen.get(id(holder))
    if not anew and known is not None and known[0]() is holder and known[1] == len(held):
        return known[2]
    found = tuple(value for value in list(held.values()) if _is_ours(value, home))
    _seen[id(holder)] = (weakref.ref(holder), len(held), found)
    return found


def _is_ours(value: Any, home: str) -> bool:
    kind = type(value)
    if kind is types.FunctionType:
        return bool(value.__globals__.get("__name__") == home)
    if kind in _FOREIGN:
        return False
    if issubclass(kind, type):
        return bool(type.__getattribute__(value, "__module__") == home)
    return any(
        (type(part) is types.FunctionType and part.__globals__.get("__name__") == home)
        or (issubclass(type(part), type) and type.__getattribute__(part, "__module__") == home)
        for part in gc.get_referents(value)
    )


_FOREIGN = frozenset(
    (
        bool, bytes, complex, float, int, str, type(None), types.BuiltinFunctionType, types.GetSetDescriptorType,
        types.MemberDescriptorType, types.MethodDescriptorType, types.ModuleType, types.WrapperDescriptorType,
    )
)  # fmt: skip


def is_users_module(held: Any) -> bool:
    """Tell whether the globals are those of a module of the user's: a file that no package installed."""
    file = held.get("__file__")
    return type(file) is str and _is_users_file(file) and held.get("__name__", "") != "__main__"


def of_import(full: str) -> tuple[Any] | None:
    """Return what an import of a full name gives; None if it cannot be told without one.

    A module is itself, whatever it holds; what is taken from a library is a function or class told by its name.

    Args:
        full: ``numpy``, ``numpy.random``, ``math.sqrt``.
    """
    module = sys.modules.get(full)
    if type(module) is types.ModuleType:
        return (module,)
    home, _, name = full.rpartition(".")
    parent = sys.modules.get(home)
    if type(parent) is not types.ModuleType or is_users_module(vars(parent)) or name not in vars(parent):
        return None
    held = vars(parent)[name]
    told_by_name = isinstance(held, (type, types.FunctionType, types.BuiltinFunctionType))
    return (held,) if told_by_name else None


@functools.lru_cache(maxsize=4096)
def _is_users_file(file: str) -> bool:
    where = os.path.realpath(file)
    parts = where.replace("\\", "/").split("/")
    if {"site-packages", "dist-packages", "jupyter_repro"} & set(parts):
        return False
    return not any(where.startswith(folder + os.sep) for folder in _standard())


@functools.cache
def _standard() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return tuple(os.path.realpath(paths[key]) for key in ("stdlib", "platstdlib"))
