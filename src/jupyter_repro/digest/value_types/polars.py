"""polars frames and series, column by column, through the Arrow file format, which polars writes by itself."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_COPY_COST = 4


def feed(digester: Digester, value: Any) -> bool:
    """Feed a frame or series; tell whether the value was one."""
    polars: Any = sys.modules.get("polars")
    if polars is None or not hasattr(polars, "DataFrame"):
        return False
    kind = type(value)
    if kind is polars.DataFrame:
        digester.expect_items(value.width)
        digester.feed(("polars", value.height, value.columns))
        for column in value.get_columns():
            _series(digester, column, polars)
    elif kind is polars.Series:
        digester.feed(("polars series", value.name))
        _series(digester, value, polars)
    elif kind is polars.LazyFrame:
        raise NotLookedInside("a lazy frame: a plan, not data")
    else:
        return False
    return True


def _series(digester: Digester, series: Any, polars: Any) -> None:
    """Feed where the nulls are, and the rest; what lies under a null and the chunks are no content."""
    digester.spend_buffer(_COPY_COST * series.estimated_size())
    digester.text("series", f"{series.dtype!r} {len(series)}")
    if series.null_count():
        digester.buffer("nulls", _file(series.is_null(), polars))
        series = series.drop_nulls()
    if series.dtype == polars.Object:
        raise NotLookedInside("columns of Python objects in polars are not looked inside")
    digester.buffer("values", _file(series, polars))


def _file(series: Any, polars: Any) -> Any:
    """Return the series as a file; text for categories, whose numbers depend on what came before."""
    if series.dtype == polars.Categorical:
        series = series.cast(polars.String)
    elif series.dtype == polars.Boolean:
        # the last byte of packed bits ends in any bits
        series = series.cast(polars.UInt8)
    frame = series.rechunk().alias("").to_frame()
    file = io.BytesIO()
    try:
        frame.write_ipc(file, compression="uncompressed", compat_level=polars.CompatLevel.oldest())
    except polars.exceptions.PolarsError as error:
        raise NotLookedInside(f"could not be read: {type(error).__name__}") from error
    return file.getbuffer()
