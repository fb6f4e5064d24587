"""Containers of plain atoms, fed at the speed of C."""

from __future__ import annotations

import marshal
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import dict_of, module_of

from .homes import is_users

if TYPE_CHECKING:
    from collections.abc import Collection

    from jupyter_repro.digest.digester import Digester

__all__ = ["ATOMS", "feed_flat", "feed_flat_set", "marshalled"]

ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes))
"""Types that ``marshal`` writes whole."""
_IDS = frozenset(map(id, ATOMS))
_TEXT_IDS = frozenset((id(str), id(bytes)))
_SORTED_IDS = (frozenset((id(int),)), frozenset((id(str),)), frozenset((id(bytes),)))
_VERSION = 2
"""The last version of marshal without references: equal values have equal bytes, interned or not."""
_MANY = 500
_PLAIN = frozenset((type,))
"""Classes that are made by ``type`` itself are hashed by their identity."""


def marshalled(value: Any) -> bytes:
    """Return the bytes of an atom, or of a container of atoms, types told apart."""
    return marshal.dumps(value, _VERSION)


def feed_flat(digester: Digester, tag: str, value: Any, *parts: Collection[Any]) -> bool:
    """Feed a container if all its parts are plain atoms; tell whether they were.

    Args:
        digester: Where to.
        tag: The type of the container.
        value: A list, tuple or dict.
        parts: What it holds.
    """
    for part in parts:
        kinds = _kinds(digester, part)
        if not kinds <= _IDS:
            return False
        if not kinds.isdisjoint(_TEXT_IDS):
            size = sum(map(len if kinds <= _TEXT_IDS else sys.getsizeof, part))
            digester.expect(size)
    digester.tag(f"flat {tag}", marshalled(value))
    return True


def feed_flat_set(digester: Digester, tag: str, value: Collection[Any]) -> bool:
    """Feed a set if all its parts are plain atoms, in an order of their own; tell whether they were."""
    kinds = _kinds(digester, value)
    if not kinds <= _IDS:
        return False
    if not kinds.isdisjoint(_TEXT_IDS):
        digester.expect(sum(map(sys.getsizeof, value)))
    if kinds in _SORTED_IDS:
        digester.tag(f"flat {tag}", marshalled(sorted(value)))
    else:
        digester.tag(f"flat {tag}", marshalled(sorted(map(marshalled, value))))
    return True


def _kinds(digester: Digester, parts: Collection[Any]) -> frozenset[int]:
    """Return the identities of the types of many values, after a look at how many there are.

    Hashing a type is three times as fast as hashing its identity, but runs its metaclass's code if that has any.
    """
    size = len(parts)
    digester.expect(2 * size)
    if set(map(type, map(type, parts))) <= _PLAIN or not (size < _MANY or _odd_metaclasses(type)):
        return frozenset(map(id, set(map(type, parts))))
    return frozenset(map(id, map(type, parts)))


def _odd_metaclasses(kind: type) -> bool:
    """Tell whether some metaclass of the user's hashes or compares its classes its own way."""
    below: type
    for below in type.__subclasses__(kind):
        held = dict_of(below)
        if ("__hash__" in held or "__eq__" in held) and is_users(module_of(below)):
            return True
        if _odd_metaclasses(below):
            return True
    return False
