"""Globals reached through live functions, methods, classes and generators that a cell uses.

User code is never called: objects are looked at through their types, by identity. Containers and objects
are followed to what they hold, nearest first, up to a limit; beyond it nothing is said to be reached.
"""

from __future__ import annotations

import collections
import dataclasses
import dis
import functools
import gc
import itertools
import types
import weakref
from typing import TYPE_CHECKING, Any

from .outside import READ_BY_NAME, STATE_ATTRIBUTES, unrepeatable_call
from .shares import ATOMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Reached", "reach"]


@dataclasses.dataclass(frozen=True)
class Reached:
    """The globals behind some names."""

    reads: frozenset[str] = frozenset()
    """Also names that do not exist now: a function may handle that."""
    mutates: frozenset[str] = frozenset()
    """Globals that a function binds or deletes (``global x``)."""
    branching: bool = False
    """A function calls something under a condition or in a loop."""
    rng_state: bool = False
    opaque: tuple[str, ...] = ()
    unrepeatable: tuple[str, ...] = ()
    complete: bool = True
    why: str = ""


@dataclasses.dataclass(frozen=True)
class _Code:
    reads: frozenset[str]
    binds: frozenset[str]
    branching: bool
    rng_state: bool
    opaque: tuple[str, ...]
    unrepeatable: tuple[str, ...]


_codes: weakref.WeakKeyDictionary[types.CodeType, _Code] = weakref.WeakKeyDictionary()
_NOTHING = Reached()
_WIDE = 100_000


def reach(names: Iterable[str], namespace: Mapping[str, Any], *, limit: int = 2000) -> Reached:
    """Return the globals that the functions and classes among ``names`` may use, transitively.

    Args:
        names: Names that a cell reads or calls.
        namespace: The globals of the user's functions.
        limit: Objects to look at, at the most.
    """
    todo = collections.deque(value for name in names if type(value := namespace.get(name)) not in ATOMS)
    if not todo:
        return _NOTHING
    home = namespace.get("__name__", "__main__")
    codes: dict[types.CodeType, _Code] = {}
    reads: set[str] = set()
    seen: set[int] = set()
    while todo:
        value = todo.popleft()
        if id(value) in seen:
            continue
        if len(seen) >= limit:
            return _joined(codes, reads, why=f"more than {limit} objects")
        seen.add(id(value))
        code = _code_behind(value, namespace)
        if code is not None and code not in codes:
            codes[code] = used = _names_of(code)
            fresh = used.reads - reads
            reads |= used.reads
            todo.extend(found for name in sorted(fresh) if type(found := namespace.get(name)) not in ATOMS)
        todo.extend(part for part in _behind(value, home) if type(part) not in ATOMS)
    return _joined(codes, reads)


def _joined(codes: Mapping[types.CodeType, _Code], reads: set[str], *, why: str = "") -> Reached:
    used = tuple(codes.values())
    if not used:
        return Reached(complete=not why, why=why) if why else _NOTHING
    return Reached(
        reads=frozenset(reads),
        mutates=frozenset().union(*(code.binds for code in used)),
        branching=any(code.branching for code in used),
        rng_state=any(code.rng_state for code in used),
        opaque=tuple(dict.fromkeys(reason for code in used for reason in code.opaque)),
        unrepeatable=tuple(dict.fromkeys(reason for code in used for reason in code.unrepeatable)),
        complete=not why,
        why=why,
    )


def _code_behind(value: Any, namespace: Mapping[str, Any]) -> types.CodeType | None:
    kind = type(value)
    if kind is types.FunctionType:
        return value.__code__ if value.__globals__ is namespace else None
    if kind is types.GeneratorType:
        frame = value.gi_frame
        return value.gi_code if frame is not None and frame.f_globals is namespace else None
    if kind is types.CoroutineType:
        frame = value.cr_frame
        return value.cr_code if frame is not None and frame.f_globals is namespace else None
    return None


def _behind(value: Any, home: str) -> Iterable[Any]:
    """Return the objects that a use of this one may use."""
    kind = type(value)
    parts = _PARTS.get(kind)
    if parts is not None:
        return parts(value)
    if isinstance(value, type):
        if type.__getattribute__(value, "__module__") != home:
            return ()
        held = type.__getattribute__(value, "__dict__")
        return (*held.values(), *type.__getattribute__(value, "__bases__"))
    held = gc.get_referents(value)
    return held if len(held) <= _WIDE else held[:_WIDE]


def _several(values: Iterable[Any]) -> Iterable[Any]:
    """Return the parts of a container, none if all of them are atoms."""
    some = list(itertools.islice(values, _WIDE))
    return () if set(map(type, some)) <= ATOMS else some


def _behind_function(value: types.FunctionType) -> tuple[Any, ...]:
    closed = [content for content in map(_content, value.__closure__ or ()) if content is not None]
    defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
    return (*closed, *defaults, *value.__dict__.values())


_PARTS: dict[type, Callable[[Any], Iterable[Any]]] = {
    types.FunctionType: _behind_function,
    types.MethodType: lambda value: (value.__func__, value.__self__),
    functools.partial: lambda value: (value.func, *value.args, *value.keywords.values()),
    functools._lru_cache_wrapper: lambda value: (value.__wrapped__,),  # noqa: SLF001 - the type has no public name
    staticmethod: lambda value: (value.__func__,),
    classmethod: lambda value: (value.__func__,),
    property: lambda value: (value.fget, value.fset, value.fdel),
    list: _several,
    tuple: _several,
    set: _several,
    frozenset: _several,
    dict: lambda value: _several(value.values()),
}


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _names_of(code: types.CodeType) -> _Code:
    known = _codes.get(code)
    if known is None:
        known = _codes[code] = _look_into(code)
    return known


def _look_into(code: types.CodeType) -> _Code:
    reads: set[str] = set()
    binds: set[str] = set()
    attributes: set[str] = set()
    reasons: dict[str, None] = {}
    jumps = calls = False
    for part in _nested(code):
        dotted = ""
        for instruction in dis.get_instructions(part):
            name = instruction.opname
            if name in ("LOAD_GLOBAL", "LOAD_NAME"):
                dotted = instruction.argval
                reads.add(dotted)
            elif name in ("LOAD_ATTR", "LOAD_METHOD"):
                attributes.add(instruction.argval)
                dotted = f"{dotted}.{instruction.argval}"
            elif name in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                binds.add(instruction.argval)
            elif name not in _BETWEEN:
                arguments = int(instruction.arg or 0) if name.startswith(("CALL", "PRECALL")) else 1
                reasons[unrepeatable_call(dotted, arguments=arguments)] = None
                dotted = ""
                jumps = jumps or "JUMP" in name or name == "FOR_ITER"
                calls = calls or name.startswith("CALL")
    return _Code(
        reads=frozenset(reads),
        binds=frozenset(binds),
        branching=jumps and calls,
        rng_state=bool(attributes & STATE_ATTRIBUTES),
        opaque=tuple(f"`{name}`" for name in sorted(reads & READ_BY_NAME)),
        unrepeatable=tuple(reason for reason in reasons if reason),
    )


_BETWEEN = frozenset(("CACHE", "EXTENDED_ARG", "PUSH_NULL", "NOP", "RESUME"))


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from _nested(constant)
