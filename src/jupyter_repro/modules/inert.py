"""Values that hold no state a result follows from, and what tells them apart."""

from __future__ import annotations
import __future__

import logging
import re
import threading
import types
import typing
from typing import Any

__all__ = ["inert"]

_LOCKS = (type(threading.Lock()), type(threading.RLock()))
_FEATURE = type(__future__.annotations)
_ANNOTATIONS = frozenset(("typing", "typing_extensions"))


def inert(value: Any) -> tuple[object, ...] | None:
    """Return what tells the value apart if it is inert, else None."""
    kind = type(value)
    if kind is re.Pattern:
        return ("pattern", value.pattern, value.flags)
    if kind is logging.Logger or kind is logging.RootLogger:
        return ("logger", value.name)
    if kind in _LOCKS:
        return ("lock",)
    if kind is _FEATURE:
        return ("feature",)
    if kind is typing.TypeVar:
        return ("type variable", value.__name__)
    if (
        kind in (types.GenericAlias, types.UnionType)
        or type.__getattribute__(kind, "__module__") in _ANNOTATIONS
    ):
        return ("annotation",)
    return None
