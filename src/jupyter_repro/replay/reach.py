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
    from collections.abc import Callable, Iterable, Iterator, Mapping

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
_PLAIN = (
    str,
    bytes,
    int,
    float,
    complex,
    bool,
    type(None),
    list,
    dict,
    tuple,
    set,
    frozenset,
    types.ModuleType,
)


def reach(names: Iterable[str], namespace: Mapping[str, Any], *, limit: int = 2000) -> Reached:
    """Return the globals that the functions and classes among ``names`` may use, transitively.

    Args:
        names: Names that a cell reads or calls.
        namespace: The globals of the user's functions.
        limit: Objects to look at, at the most.
    """
    todo = [
        value for name in names if (value := namespace.get(name)) is not None and type(value) not in _PLAIN
    ]
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
            return Reached(
                frozenset(reads), frozenset(binds), complete=False, why=f"more than {limit} objects"
            )
        seen.add(id(value))
        if type(value) is types.FunctionType and value.__globals__ is namespace:
            used = _names_of(value.__code__)
            fresh = used.reads - reads
            reads |= used.reads
            binds |= used.binds
            todo.extend(
                namespace[name] for name in fresh if name in namespace and type(namespace[name]) not in _PLAIN
            )
        todo.extend(_behind(value, home))
    known = {name for name in reads if name in namespace}
    return Reached(frozenset(known), frozenset(binds))


def _behind(value: Any, home: str) -> Iterable[Any]:
    """Return the objects that a call of this one may call."""
    parts = _PARTS.get(type(value))
    if parts is not None:
        return parts(value)
    if isinstance(value, type):
        if type.__getattribute__(value, "__module__") != home:
            return ()
        held = type.__getattribute__(value, "__dict__")
        return (*held.values(), *type.__getattribute__(value, "__bases__"))
    return (type(value),) if type.__getattribute__(type(value), "__module__") == home else ()


def _behind_function(value: types.FunctionType) -> tuple[Any, ...]:
    closed = [content for content in map(_content, value.__closure__ or ()) if content is not None]
    defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
    return (*closed, *defaults, value.__dict__.get("__wrapped__"))


_PARTS: dict[type, Callable[[Any], Iterable[Any]]] = {
    types.FunctionType: _behind_function,
    types.MethodType: lambda value: (value.__func__, value.__self__),
    functools.partial: lambda value: (value.func, *value.args, *value.keywords.values()),
    functools._lru_cache_wrapper: lambda value: (value.__wrapped__,),  # noqa: SLF001 - the type has no public name
    staticmethod: lambda value: (value.__func__,),
    classmethod: lambda value: (value.__func__,),
    property: lambda value: (value.fget, value.fset, value.fdel),
}


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
