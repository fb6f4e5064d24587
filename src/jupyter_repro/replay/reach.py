"""Globals reached through live functions, methods and classes that a cell calls.

User code is never called: objects are looked at through their types, by identity.
"""

from __future__ import annotations

import dataclasses
import dis
import functools
import types
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Reached", "reach"]


@dataclasses.dataclass(frozen=True)
class Reached:
    """The globals behind some names."""

    reads: frozenset[str] = frozenset()
    mutates: frozenset[str] = frozenset()
    """Globals that a function binds or deletes (``global x``)."""
    complete: bool = True
    why: str = ""


@dataclasses.dataclass(frozen=True)
class _Code:
    reads: frozenset[str]
    binds: frozenset[str]


_codes: weakref.WeakKeyDictionary[types.CodeType, _Code] = weakref.WeakKeyDictionary()
_NOTHING = Reached()
_PLAIN = (str, bytes, int, float, complex, bool, type(None), list, dict, tuple, set, frozenset, types.ModuleType)


def reach(names: Iterable[str], namespace: Mapping[str, Any], *, limit: int = 2000) -> Reached:
    """Return the globals that the functions and classes among ``names`` may use, transitively.

    Args:
        names: Names that a cell reads or calls.
        namespace: The globals of the user's functions.
        limit: Objects to look at, at the most.
    """
    todo = [value for name in names if (value := namespace.get(name)) is not None and type(value) not in _PLAIN]
    if not todo:
        return _NOTHING
    home = namespace.get("__name__", "__main__")
    reads: set[str] = set()
    binds: set[str] = set()
    seen: set[int] = set()
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        if len(seen) >= limit:
            return Reached(frozenset(reads), frozenset(binds), complete=False, why=f"more than {limit} objects")
        seen.add(id(value))
        if type(value) is types.FunctionType and value.__globals__ is namespace:
            used = _names_of(value.__code__)
            fresh = used.reads - reads
            reads |= used.reads
            binds |= used.binds
            todo.extend(namespace[name] for name in fresh if name in namespace and type(namespace[name]) not in _PLAIN)
        todo.extend(_behind(value, home))
    known = {name for name in reads if name in namespace}
    return Reached(frozenset(known), frozenset(binds))


def _behind(value: Any, home: str) -> Iterator[Any]:
    """Yield the objects that a call of this one may call."""
    kind = type(value)
    if kind is types.FunctionType:
        yield from (cell for cell in map(_content, value.__closure__ or ()) if cell is not None)
        yield from value.__defaults__ or ()
        yield from (value.__kwdefaults__ or {}).values()
        wrapped = value.__dict__.get("__wrapped__")
        if wrapped is not None:
            yield wrapped
    elif kind is types.MethodType:
        yield value.__func__
        yield value.__self__
    elif kind is functools.partial:
        yield value.func
        yield from value.args
        yield from value.keywords.values()
    elif kind is functools._lru_cache_wrapper:  # noqa: SLF001 - the type has no public name
        yield value.__wrapped__
    elif kind in (staticmethod, classmethod):
        yield value.__func__
    elif kind is property:
        yield from (part for part in (value.fget, value.fset, value.fdel) if part is not None)
    elif isinstance(value, type):
        if type.__getattribute__(value, "__module__") == home:
            yield from type.__getattribute__(value, "__dict__").values()
            yield from type.__getattribute__(value, "__bases__")
    elif type.__getattribute__(kind, "__module__") == home:
        yield kind


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _names_of(code: types.CodeType) -> _Code:
    known = _codes.get(code)
    if known is None:
        reads: set[str] = set()
        binds: set[str] = set()
        for part in _nested(code):
            for instruction in dis.get_instructions(part):
                if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                    reads.add(instruction.argval)
                elif instruction.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                    binds.add(instruction.argval)
        known = _codes[code] = _Code(frozenset(reads), frozenset(binds))
    return known


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from _nested(constant)
