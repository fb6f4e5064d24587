"""Containers of plain atoms, fed at the speed of C."""

from __future__ import annotations

import hashlib
import marshal
import sys
from itertools import repeat
from operator import is_
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import framed
from jupyter_repro.digest.raw_types import dict_of, module_of

from .homes import is_users

if TYPE_CHECKING:
    from collections.abc import Collection

    from jupyter_repro.digest.digester import Budget, Digester

__all__ = ["ATOMS", "FLAT", "feed_flat", "feed_flat_set", "flat_digest", "marshalled"]

ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes))
"""Types that ``marshal`` writes whole."""
_TEXT = frozenset((str, bytes))
_SORTED = ({int}, {str}, {bytes})
FLAT = frozenset((list, tuple, dict))
"""Containers that :func:`flat_digest` takes."""
_VERSION = 2
"""The last version of marshal without references: equal values have equal bytes, interned or not."""
_MANY = 500
_FRAMES: dict[type, bytes] = {list: b"flat list", tuple: b"flat tuple", dict: b"flat dict"}
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
        digester.expect(2 * len(part))
        kinds = _kinds(part)
        if kinds is None:
            return False
        digester.expect(_text_in(part, kinds))
    digester.tag(f"flat {tag}", marshalled(value))
    return True


def feed_flat_set(digester: Digester, tag: str, value: Collection[Any]) -> bool:
    """Feed a set if all its parts are plain atoms, in an order of their own; tell whether they were."""
    digester.expect(2 * len(value))
    kinds = _kinds(value)
    if kinds is None:
        return False
    digester.expect(_text_in(value, kinds))
    if kinds in _SORTED:
        digester.tag(f"flat {tag}", marshalled(sorted(value)))
    else:
        digester.tag(f"flat {tag}", marshalled(sorted(map(marshalled, value))))
    return True


def flat_digest(value: Any, kind: type, budget: Budget) -> str | None:
    """Return the digest of a list, tuple or dict of plain atoms as a digester would; None if it is to be asked.

    Args:
        value: The container.
        kind: Its type.
        budget: What may be looked at; it shrinks.
    """
    frame, parts = _FRAMES[kind], (value.keys(), value.values()) if kind is dict else (value,)
    if len(value) >= _MANY:
        return None
    for part in parts:
        kinds = _kinds(part)
        if kinds is None or (not kinds.isdisjoint(_TEXT) and _text_in(part, kinds) > budget.bytes):
            return None
    data = marshalled(value)
    if len(data) > budget.bytes:
        return None
    budget.bytes -= len(data)
    budget.items -= 1
    return hashlib.blake2b(framed(frame, data), digest_size=16).hexdigest()


def _text_in(parts: Collection[Any], kinds: set[type]) -> int:
    """Return how much text there is among the values, about."""
    if kinds.isdisjoint(_TEXT):
        return 0
    return sum(map(len if kinds <= _TEXT else sys.getsizeof, parts))


def _kinds(parts: Collection[Any]) -> set[type] | None:
    """Return the types of many values if all are plain atoms; else None.

    Hashing a type runs its metaclass's code if that has any: the metaclasses are looked at before. Most containers
    hold one type, which is found out in half of the time.
    """
    for part in parts:
        first = type(part)
        if type(first) is type and first in ATOMS and all(map(is_, map(type, parts), repeat(first))):
            return {first}
        break
    if (len(parts) < _MANY or _odd_metaclasses(type)) and not set(map(type, map(type, parts))) <= _PLAIN:
        return None
    kinds = set(map(type, parts))
    return kinds if kinds <= ATOMS else None


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
