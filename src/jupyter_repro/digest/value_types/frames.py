"""NumPy arrays, scalars and generators; pandas frames, series and indexes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of NumPy or pandas, if the user has imported them; tell whether it was one."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray"):
        return False
    kind = type(value)
    if kind is numpy.ndarray:
        _array(digester, value, numpy)
    elif isinstance(value, numpy.generic) and kind.__module__ == "numpy":
        _scalar(digester, value)
    elif isinstance(value, numpy.dtype):
        digester.tag("dtype", value.str.encode() + repr(value.names).encode())
    elif kind is numpy.ufunc:
        digester.tag("ufunc", value.__name__.encode())
    elif kind is numpy.random.Generator:
        digester.container("Generator", value, (value.bit_generator.state,))
    elif kind is numpy.random.RandomState:
        digester.container("RandomState", value, (value.get_state(legacy=False),))
    else:
        return _pandas(digester, value)
    return True


def _array(digester: Digester, value: Any, numpy: Any) -> None:
    if value.dtype.hasobject:
        digester.container(f"objects {value.dtype.str} {value.shape}", value, value.ravel().tolist())
        return
    digester.spend(value.nbytes)
    digester.budget.bytes += value.nbytes
    digester.tag(f"array {value.dtype.descr if value.dtype.names else value.dtype.str} {value.shape}")
    plain = value if value.flags.c_contiguous else numpy.ascontiguousarray(value)
    digester.tag("data", plain.tobytes() if plain.size else b"")


def _scalar(digester: Digester, value: Any) -> None:
    if value.dtype.hasobject:
        digester.container("scalar object", value, (value.item(),))
    else:
        digester.tag(f"scalar {value.dtype.str}", value.tobytes())


def _pandas(digester: Digester, value: Any) -> bool:
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return False
    kind = type(value)
    if kind is pandas.DataFrame:
        columns = [value.iloc[:, position] for position in range(value.shape[1])]
        digester.container(
            "DataFrame", value, (value.columns, value.index, *(_values(c) for c in columns), value.attrs)
        )
    elif kind is pandas.Series:
        digester.container("Series", value, (value.name, value.index, _values(value), value.attrs))
    elif isinstance(value, pandas.Index) and f"{kind.__module__}.".startswith("pandas."):
        _index(digester, value, pandas)
    elif kind in (pandas.Timestamp, pandas.Timedelta, pandas.Interval, type(pandas.NaT), type(pandas.NA)):
        digester.tag("pandas scalar", repr(value).encode())
    else:
        return False
    return True


def _values(series: Any) -> tuple[str, Any]:
    """Return the type and the data of a column; an extension array as objects."""
    data = series.array
    plain = getattr(data, "_ndarray", None) if type(data).__name__ == "NumpyExtensionArray" else None
    return str(series.dtype), series.to_numpy() if plain is None else plain


def _index(digester: Digester, value: Any, pandas: Any) -> None:
    if type(value) is pandas.RangeIndex:
        digester.tag("RangeIndex", f"{value.start} {value.stop} {value.step}".encode())
        digester.feed(value.name)
        return
    digester.container(
        "Index", value, (type(value).__name__, str(value.dtype), list(value.names), value.to_numpy())
    )
