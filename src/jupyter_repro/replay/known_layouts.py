"""Library objects whose insides are known, so that they need not be followed part by part.

The garbage collector leads through hundreds of objects behind a small data frame (types of data, caches,
engines of its index), which no notebook changes and which frames share although they share no data.
"""

from __future__ import annotations

import datetime as dt
import decimal
import pathlib
import re
import sys
import types
import uuid
from typing import Any

__all__ = ["arrays_behind", "is_immutable", "is_index"]

_IMMUTABLE: frozenset[type] = frozenset(
    (
        dt.date, dt.datetime, dt.time, dt.timedelta, dt.timezone, decimal.Decimal, uuid.UUID,
        pathlib.PurePosixPath, pathlib.PosixPath, pathlib.PureWindowsPath, pathlib.WindowsPath, re.Pattern, slice,
        types.GenericAlias, types.UnionType,
    )
)  # fmt: skip


def is_immutable(thing: Any) -> bool:
    """Tell whether the value cannot change, and holds nothing that can."""
    kind = type(thing)
    if kind in _IMMUTABLE:
        return kind is not slice or all(type(each) is int or each is None for each in _ends(thing))
    module = type.__getattribute__(kind, "__module__")
    if type(module) is not str:
        return False
    root = module.partition(".")[0]
    if root == "fractions":
        return kind is sys.modules["fractions"].Fraction
    if root == "numpy":
        numpy: Any = sys.modules["numpy"]
        scalar = issubclass(kind, numpy.generic) and not issubclass(kind, (numpy.void, numpy.object_))
        return scalar or (issubclass(kind, numpy.dtype) and not thing.hasobject)
    if root == "pandas":
        pandas: Any = sys.modules["pandas"]
        scalars = (pandas.Timestamp, pandas.Timedelta, pandas.Period, type(pandas.NaT), type(pandas.NA))
        return kind in scalars or issubclass(kind, pandas.api.extensions.ExtensionDtype)
    return False


def arrays_behind(thing: Any) -> list[Any] | None:
    """Return what a pandas object of the library's own holds its data in; None for anything else."""
    kind = type(thing)
    module = type.__getattribute__(kind, "__module__")
    if type(module) is not str or module.partition(".")[0] != "pandas":
        return None
    pandas: Any = sys.modules["pandas"]
    try:
        if kind is pandas.DataFrame or kind is pandas.Series:
            return [*thing._mgr.arrays, *thing._mgr.axes, *thing._attrs.values()]  # noqa: SLF001 - no public way leads to the memory itself
        if issubclass(kind, pandas.MultiIndex):
            return []
        if issubclass(kind, pandas.Index):
            return [thing._data] if hasattr(thing, "_data") else []  # noqa: SLF001 - as above
        if issubclass(kind, pandas.api.extensions.ExtensionArray):
            if hasattr(thing, "_pa_array"):
                return []  # Arrow's memory never changes; an assignment puts other memory into the array
            held = vars(thing).values() if hasattr(thing, "__dict__") else ()
            return [each for each in (*held, getattr(thing, "_ndarray", None)) if each is not None]
    except AttributeError:
        return None
    return None


def is_index(thing: Any) -> bool:
    """Tell whether the value labels the rows of pandas objects, which share labels and not data."""
    kind = type(thing)
    if type.__getattribute__(kind, "__module__").partition(".")[0] != "pandas":
        return False
    return issubclass(kind, sys.modules["pandas"].Index)


def _ends(thing: slice) -> tuple[Any, Any, Any]:
    return thing.start, thing.stop, thing.step
