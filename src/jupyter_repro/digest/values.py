"""Digests of values by their content, the same in every process and under every hash seed.

A value of an unknown type, or one beyond the budget, has no digest: None, "not looked inside". The user's
``__repr__``, ``__eq__``, ``__hash__``, ``__reduce__``, ``__iter__`` and ``__getattr__`` are never called: types
are compared by identity, and state is read where the type itself keeps it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from .digester import Budget, Digester, NotLookedInside
from .value_types import FEEDERS, OTHERS
from .value_types.flat import FLAT, flat_digest, marshalled

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Budget", "quick_digest", "value_digest"]

_SMALL = frozenset((type(None), bool, int, float, str, bytes))
_SMALL_SIZE = 1000
_CANNOT_BE_READ = (
    ArithmeticError,
    AttributeError,
    BufferError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a library raises over a value that was closed, freed or left half made, and Python over a container that
a thread changes while it is read."""


def value_digest(value: Any, *, budget: Budget, namespace: Mapping[str, Any] | None = None) -> str | None:
    """Return the BLAKE2b digest (128 bit, hex) of a value's content, or None with ``budget.why`` set.

    Args:
        value: Anything.
        budget: What may be looked at; it shrinks.
        namespace: The user's names: an object whose class was defined anew since is another object.
    """
    quick = quick_digest(value, budget)
    if quick is not None:
        return quick
    try:
        digester = Digester(budget, FEEDERS, OTHERS, namespace or {})
        digester.feed(value)
    except NotLookedInside as reason:
        budget.why = str(reason)
        return None
    except _CANNOT_BE_READ as error:
        budget.why = f"could not be read: {type(error).__name__}"
        return None
    return digester.result().hex()


def quick_digest(value: Any, budget: Budget) -> str | None:
    """Return the digest of an atom or of a short container of atoms; None: :func:`value_digest` is to be asked."""
    kind = type(value)
    if type(kind) is not type or budget.items <= 0:
        return None
    if kind in _SMALL:
        return _small_digest(value, kind, budget)
    if kind not in FLAT:
        return None
    try:
        return flat_digest(value, kind, budget)
    except _CANNOT_BE_READ:
        return None


def _small_digest(value: Any, kind: type, budget: Budget) -> str | None:
    """Return the digest of most atoms, without a digester; None if there is too much of it."""
    if (kind is str or kind is bytes) and len(value) > _SMALL_SIZE:
        return None
    data = marshalled(value)
    if len(data) > budget.bytes:
        return None
    budget.bytes -= len(data)
    budget.items -= 1
    return hashlib.blake2b(data, digest_size=16, person=b"atom").hexdigest()
