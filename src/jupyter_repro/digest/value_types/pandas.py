"""pandas frames, series, indexes, extension arrays and scalars."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below, module_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of pandas; tell whether it was one."""
    pandas: Any = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return False
    kind = type(value)
    if module_of(kind).partition(".")[0] != "pandas":
        return False
    if kind is pandas.DataFrame:
        digester.expect_items(2 * value.shape[1])
        parts: Iterable[Any] = (value.columns, value.index, *_columns(value), *_notes(value))
    elif kind is pandas.Series:
        parts = (value.name, value.index, _array_of(value), *_notes(value))
    elif itself_or_below(kind, pandas.Index):
        parts = _in_index(value, pandas)
    elif itself_or_below(kind, pandas.api.extensions.ExtensionArray):
        parts = _in_extension_array(value, kind.__name__)
    elif itself_or_below(kind, pandas.api.extensions.ExtensionDtype):
        parts = _in_dtype(value, kind.__name__)
    else:
        return _scalar(digester, value, pandas)
    digester.container(f"pandas {kind.__name__}", value, parts)
    return True


def _notes(value: Any) -> tuple[Any, bool]:
    return value.attrs, value.flags.allows_duplicate_labels


def _columns(frame: Any) -> Iterable[Any]:
    """Yield the array of each column, as stored where pandas still tells it."""
    stored: Callable[[int], Any] | None = getattr(frame, "_get_column_array", None)
    for position in range(frame.shape[1]):
        yield frame.iloc[:, position].array if stored is None else stored(position)


def _array_of(series: Any) -> Any:
    """Return the data of a series; plain data as NumPy has it, like a column's."""
    data = series.array
    return data._ndarray if type(data).__name__ == "NumpyExtensionArray" else data  # noqa: SLF001 - `to_numpy` may copy


def _in_index(value: Any, pandas: Any) -> Iterable[Any]:
    kind = type(value)
    if kind is pandas.RangeIndex:
        return value.start, value.stop, value.step, value.name
    if kind is pandas.MultiIndex:
        return list(value.names), list(value.levels), list(value.codes)
    return list(value.names), getattr(value, "freqstr", None), _array_of(value)


def _in_extension_array(value: Any, name: str) -> Iterable[Any]:
    """Return what an array of pandas' own holds; what a masked place holds is no content."""
    if name == "Categorical":
        return value.codes, value.categories, value.ordered
    if name == "IntervalArray":
        return value.left, value.right, value.closed
    if name == "SparseArray":
        return value.sp_values, value.sp_index.indices, len(value), value.fill_value, value.dtype
    if name.startswith("Arrow"):
        return value.dtype, value.__arrow_array__()
    mask = getattr(value, "_mask", None)
    if mask is not None:
        data = value._data  # noqa: SLF001 - no other way without a copy
        if mask.any():
            data = data.copy()
            data[mask] = 0
        return value.dtype, mask, data
    data = getattr(value, "_ndarray", None)
    if data is None:
        raise NotLookedInside(f"columns of type {name} are not looked inside")
    return value.dtype, data


def _in_dtype(value: Any, name: str) -> Iterable[Any]:
    if name == "CategoricalDtype":
        return value.categories, value.ordered
    return (repr(value),)


def _scalar(digester: Digester, value: Any, pandas: Any) -> bool:
    kind = type(value)
    if kind is pandas.Timestamp:
        digester.container("Timestamp", value, ((value.value, value.unit, value.fold), value.tzinfo))
    elif kind is pandas.Timedelta:
        digester.feed(("Timedelta", value.value, value.unit))
    elif kind is pandas.Period:
        digester.feed(("Period", value.ordinal, value.freqstr))
    elif kind is pandas.Interval:
        digester.container("Interval", value, (value.left, value.right, value.closed))
    elif value is pandas.NaT or value is pandas.NA:
        digester.tag(f"pandas {value!r}")
    elif itself_or_below(kind, pandas.tseries.offsets.BaseOffset):
        digester.container(kind.__name__, value, (value.n, value.normalize, value.kwds))
    else:
        return False
    return True
