"""Which mutable objects are reached from a value, and whether two values share one.

User code is never called: objects are followed through the garbage collector, arrays through their base,
tensors through their storage.
"""

from __future__ import annotations

import gc
import sys
import types
from typing import Any

from .known_layouts import arrays_behind, is_immutable, is_index

__all__ = ["ATOMS", "is_fixed", "objects_of", "share"]

ATOMS: frozenset[type] = frozenset(
    (
        str, bytes, int, float, complex, bool, type(None), type(...), type(NotImplemented), range,
        types.ModuleType, types.BuiltinFunctionType, types.CodeType, types.GetSetDescriptorType,
        types.MemberDescriptorType, types.MethodDescriptorType, types.WrapperDescriptorType,
    )
)  # fmt: skip
"""Types without parts that a notebook changes."""

_BY_PARTS = frozenset((tuple, frozenset, types.FunctionType, types.MethodType))
"""Types that do not change; what they hold may."""

_CONTAINERS = frozenset((list, dict, set))
_LIMIT = 3000


def is_fixed(value: Any) -> bool:
    """Tell whether nothing can change the value in place, as far as its type says."""
    kind = type(value)
    if kind in ATOMS or isinstance(value, type):
        return True
    if kind is types.FunctionType:
        held = (value.__defaults__, value.__kwdefaults__, value.__closure__, value.__dict__)
        return not any(held)
    return kind is tuple and all(type(part) in ATOMS for part in value)


def share(one: frozenset[int] | None, other: frozenset[int] | None) -> bool:
    """Tell whether two sets of objects meet; None is too many to look at, and may meet any."""
    if one is None:
        return other is None or bool(other)
    if other is None:
        return bool(one)
    return not one.isdisjoint(other)


def objects_of(value: Any) -> frozenset[int] | None:
    """Return the identities of the mutable objects reached from a value, None if they are too many.

    Classes, modules and the globals of functions are not followed.
    """
    if not _may_be_shared(value):
        return frozenset()
    if type(value) in _CONTAINERS and _holds_atoms(value):
        return frozenset((id(value),))
    found: set[int] = set()
    seen: set[int] = set()
    todo = [value]
    while todo:
        thing = todo.pop()
        here = id(thing)  # once: audit hooks hear of it
        if here in seen:
            continue
        seen.add(here)
        if len(seen) > _LIMIT:
            return None
        parts = _parts(thing)
        if parts is None:
            found.add(_home_of(thing))
            continue
        kinds = set(map(type, parts))
        if type(thing) not in _BY_PARTS:
            found.add(here)
        if not kinds <= ATOMS:
            if len(parts) > _LIMIT:
                return None
            todo.extend(filter(_may_be_shared, parts))
    return frozenset(found)


def _may_be_shared(value: Any) -> bool:
    """Tell whether the value can be changed through one name and seen through another."""
    kind = type(value)
    if kind in _CONTAINERS:
        return True
    if kind in ATOMS or isinstance(value, type):
        return False
    return not is_immutable(value) and not is_index(value)


def _holds_atoms(value: Any) -> bool:
    try:
        return ATOMS.issuperset(map(type, value.values() if type(value) is dict else value))
    except RuntimeError:  # a thread changes it meanwhile
        return False


def _parts(thing: Any) -> list[Any] | None:
    """Return what the object holds; None if its memory belongs to another library."""
    kind = type(thing)
    if kind in (list, tuple, set, frozenset):
        return list(thing)
    if kind is dict:
        return list(thing.values())
    if kind is types.FunctionType:
        return [
            *(thing.__closure__ or ()),
            *(thing.__defaults__ or ()),
            *(thing.__kwdefaults__ or {}).values(),
            *thing.__dict__.values(),
        ]
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "ndarray") and isinstance(thing, numpy.ndarray):
        return list(thing.ravel().tolist()) if thing.dtype.hasobject and thing.size <= _LIMIT else None
    arrays = arrays_behind(thing)
    if arrays is not None:
        return arrays
    torch: Any = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "Tensor") and isinstance(thing, torch.Tensor):
        return None
    return gc.get_referents(thing)


def _home_of(thing: Any) -> int:
    """Return the identity of the memory behind an array, a view or a tensor."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or not isinstance(thing, numpy.ndarray):
        try:
            return -int(thing.untyped_storage().data_ptr())
        except (AttributeError, RuntimeError, NotImplementedError):
            return id(thing)
    while isinstance(thing.base, numpy.ndarray):
        thing = thing.base
    return id(thing if thing.base is None else _exporter(thing.base))


def _exporter(base: Any) -> Any:
    return base.obj if type(base) is memoryview else base
