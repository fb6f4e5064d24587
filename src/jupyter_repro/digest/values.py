"""Digests of values by their content, the same in every process and under every hash seed.

A value of an unknown type, or one beyond the budget, has no digest: None, "not looked inside". The user's
``__repr__``, ``__eq__``, ``__hash__``, ``__reduce__`` and ``__getattr__`` are never called: types are
compared by identity, and state is read where the type itself keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .digester import Budget, Digester, NotLookedInside
from .value_types import builtin, code, frames, instances, tensors

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Budget", "value_digest"]

_FEEDERS = {**builtin.FEEDERS, **code.FEEDERS}
_LIBRARIES = (code.feed_class, instances.feed, frames.feed, tensors.feed)


def value_digest(value: Any, *, budget: Budget, namespace: Mapping[str, Any] | None = None) -> str | None:
    """Return the BLAKE2b digest (128 bit, hex) of a value's content, or None with ``budget.why`` set.

    Args:
        value: Anything.
        budget: What may be looked at; it shrinks.
        namespace: The user's names: an object whose class was defined anew since is another object.
    """
    digester = Digester(budget, _FEEDERS, _LIBRARIES, namespace or {})
    try:
        digester.feed(value)
    except NotLookedInside as reason:
        budget.why = str(reason)
        return None
    except (RecursionError, RuntimeError) as error:
        # a thread changed a container while it was read
        budget.why = f"could not be read: {type(error).__name__}"
        return None
    return digester.result().hex()
