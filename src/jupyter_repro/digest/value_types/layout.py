"""Where the state of an object lies: in attributes, slots and a known base, or also elsewhere."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.digest.raw_types import dict_of, mro_of, read_of_type

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Layout", "layout_of", "state_of"]

_MANAGED_WEAKREFS = 1 << 3
_MANAGED_DICT = 1 << 4
_POINTER = object.__basicsize__ // 2


class Layout(msgspec.Struct, frozen=True):
    """How to read all that an object of a class holds."""

    base: type
    """The base that Python or a library made in C; ``object`` holds nothing."""
    attributes: types.GetSetDescriptorType | None
    """What gives the object's dictionary."""
    slots: tuple[tuple[str, types.MemberDescriptorType], ...]


def layout_of(kind: type, bases: Mapping[type, Any]) -> Layout | None:
    """Return where the state of the objects of a class lies; None if some of it is out of sight.

    The size of an object is the proof: it is that of its base, its slots and the pointers that Python adds.

    Args:
        kind: The class.
        bases: The bases in C whose content can be read.
    """
    mro = mro_of(kind)
    known = [each for each in mro if type(each) is type and each in bases]
    base = known[0] if known else object
    if not all(any(above is each for above in mro_of(base)) for each in known):
        return None
    above_base = {id(each) for each in mro_of(base)}
    own = [each for each in mro if id(each) not in above_base]
    slots = [
        (f"{at}.{key}", slot)
        for at, each in enumerate(reversed(own))
        for key, slot in dict_of(each).items()
        if type(slot) is types.MemberDescriptorType
    ]
    attributes = next((held for each in mro if (held := _dictionary_of(each)) is not None), None)
    if _size(kind, "__itemsize__") != _size(base, "__itemsize__") or bool(_size(kind, "__dictoffset__")) != (
        attributes is not None
    ):
        return None
    grown = _POINTER * (len(slots) + _added(kind, base, "__dictoffset__", _MANAGED_DICT))
    grown += _POINTER * _added(kind, base, "__weakrefoffset__", _MANAGED_WEAKREFS)
    if _size(kind, "__basicsize__") != _size(base, "__basicsize__") + grown:
        return None
    return Layout(base, attributes, tuple(slots))


def _size(kind: type, name: str) -> int:
    size: int = read_of_type(name, kind)
    return size


def _added(kind: type, base: type, offset: str, managed: int) -> bool:
    """Tell whether the class adds a pointer within the object to those of its base."""
    return _size(kind, offset) != 0 and _size(base, offset) == 0 and not _size(kind, "__flags__") & managed


def _dictionary_of(kind: type) -> types.GetSetDescriptorType | None:
    found = dict_of(kind).get("__dict__")
    return found if type(found) is types.GetSetDescriptorType else None


def state_of(layout: Layout, value: Any) -> tuple[Any, dict[str, Any]]:
    """Return the dictionary and the filled slots of an object."""
    attributes = None if layout.attributes is None else layout.attributes.__get__(value)
    slots = {name: _held_in(slot, value) for name, slot in layout.slots}
    return attributes, {name: held for name, held in slots.items() if held is not _NOTHING}


_NOTHING = object()


def _held_in(slot: types.MemberDescriptorType, value: Any) -> Any:
    try:
        return slot.__get__(value)
    except AttributeError:
        return _NOTHING
