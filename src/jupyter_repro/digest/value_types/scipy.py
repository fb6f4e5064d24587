"""SciPy's sparse arrays, without what they remember about the order of their indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import module_of

from .instances import BASES, feed_object

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_REMEMBERED = frozenset(("_has_sorted_indices", "_has_canonical_format"))


def feed(digester: Digester, value: Any) -> bool:
    """Feed a sparse array; tell whether the value was one."""
    if not module_of(type(value)).startswith("scipy.sparse."):
        return False
    return feed_object(digester, value, BASES, without=_REMEMBERED)
