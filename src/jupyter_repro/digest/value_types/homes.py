"""Whose code a module is, and whether a name leads to a thing of it."""

from __future__ import annotations

import functools
import pathlib
import site
import sys
import sysconfig
import types
from typing import Any

from jupyter_repro.digest.raw_types import dict_of, is_class

__all__ = ["HOME", "is_users", "is_where_it_says"]

HOME = "__main__"
_INSTALLED = ("site-packages", "dist-packages")


def is_users(name: str) -> bool:
    """Tell whether a module is the notebook or a file of the user's, not of Python or of an installed library."""
    module = sys.modules.get(name)
    if name == HOME or module is None:
        return True
    state = _state(module)
    file = state.get("__file__")
    if type(file) is not str:
        # frozen and built-in modules have a spec, those that a program makes by hand have none
        return state.get("__spec__") is None
    return _is_users_file(file)


@functools.lru_cache(maxsize=4096)
def _is_users_file(file: str) -> bool:
    path = pathlib.PurePath(file)
    return not any(part in _INSTALLED for part in path.parts) and not any(
        path.is_relative_to(root) for root in _library_roots()
    )


@functools.lru_cache(maxsize=1)
def _library_roots() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return (
        *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        site.getusersitepackages(),
    )


def is_where_it_says(value: Any, module: str, qualname: str) -> bool:
    """Tell whether the name of a class or function leads to it, so that its library's version tells it."""
    home = sys.modules.get(module)
    if home is None:
        return False
    state = _state(home)
    found: Any = None
    for at, name in enumerate(qualname.split(".")):
        if at:
            if not is_class(found):
                return False
            state = dict_of(found)
        found = state.get(name)
        if type(found) in (staticmethod, classmethod):
            found = found.__func__
    return found is value


def _state(module: Any) -> Any:
    kind = type(module)
    if kind is types.ModuleType or types.ModuleType in type.mro(kind):
        return types.ModuleType.__getattribute__(module, "__dict__")
    return {}
