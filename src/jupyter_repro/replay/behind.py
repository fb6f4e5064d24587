"""What an object holds, without a call of user code."""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import types
import weakref
from typing import TYPE_CHECKING, Any

from .known_layouts import arrays_behind, is_immutable
from .shares import ATOMS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

__all__ = ["TOO_WIDE", "parts_of"]

TOO_WIDE: tuple[Any, ...] = ("too many parts",)
"""Stands for the parts of what is too long to look through."""

_WIDE = 1_000_000


def parts_of(value: Any) -> Iterable[Any]:
    """Return the objects that a use of this one may use, or :data:`TOO_WIDE`. Classes are not for this."""
    kind = type(value)
    parts = _PARTS.get(kind)
    if parts is not None:
        return parts(value)
    numpy: Any = sys.modules.get("numpy")
    array = getattr(numpy, "ndarray", None)
    if array is not None and issubclass(kind, array):
        # the collector does not see what arrays of objects hold
        if not value.dtype.hasobject:
            return ()
        return _several(array.tolist(array.ravel(value))) if value.size <= _WIDE else TOO_WIDE
    arrays = arrays_behind(value)
    if arrays is not None:
        return (kind, *arrays)  # the class may have been given functions of the notebook's
    if is_immutable(value):
        return ()
    found = gc.get_referents(value)
    return found if len(found) <= _MANY else _several(found)


def _several(values: Collection[Any]) -> Iterable[Any]:
    """Return the parts of a container, none if all are atoms; containers in containers at C's speed."""
    for _ in range(_DEEP):
        if len(values) > _WIDE:
            return TOO_WIDE
        kinds = set(map(type, values)) - ATOMS
        if not kinds:
            return ()
        if len(values) <= _MANY or not kinds <= _INNER.keys():
            break
        # each once, for those that hold themselves
        once = {id(part): part for part in values if type(part) in kinds}
        values = list(itertools.chain.from_iterable([_INNER[type(part)](part) for part in once.values()]))
    return values


_DEEP = 8
_MANY = 20
_INNER: dict[type, Callable[[Any], Iterable[Any]]] = {
    list: iter,
    tuple: iter,
    set: iter,
    frozenset: iter,
    dict: lambda part: itertools.chain(part, part.values()),
}
"""What records are made of, which come in thousands."""


def _behind_function(value: types.FunctionType) -> tuple[Any, ...]:
    closed = [content for content in map(_content, value.__closure__ or ()) if content is not None]
    defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
    return (*closed, *defaults, *value.__dict__.values())


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _behind_frame(value: types.FrameType) -> list[Any]:
    around = {id(value.f_globals), id(value.f_builtins), id(value.f_back)}
    return [part for part in gc.get_referents(value) if id(part) not in around]


def _behind_dict(value: dict[Any, Any]) -> Iterable[Any]:
    keys = () if set(map(type, value)) <= ATOMS else tuple(value)
    found = _several(value.values())
    return found if not keys or found is TOO_WIDE else (*keys, *found)


_PARTS: dict[type, Callable[[Any], Iterable[Any]]] = {
    types.FunctionType: _behind_function,
    types.MethodType: lambda value: (value.__func__, value.__self__),
    functools.partial: lambda value: (value.func, *value.args, *value.keywords.values()),
    functools._lru_cache_wrapper: lambda value: (value.__wrapped__, *gc.get_referents(value)),  # noqa: SLF001 - the type has no public name
    staticmethod: lambda value: (value.__func__,),
    classmethod: lambda value: (value.__func__,),
    property: lambda value: (value.fget, value.fset, value.fdel),
    weakref.ref: lambda value: (value(),),
    types.FrameType: _behind_frame,
    list: _several,
    tuple: _several,
    set: _several,
    frozenset: _several,
    dict: _behind_dict,
}
