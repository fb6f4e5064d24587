"""Arrow tables, arrays, scalars and types; chunks, slices and what lies under a null are no content."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below, module_of

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of pyarrow; tell whether it was one."""
    arrow: Any = sys.modules.get("pyarrow")
    kind = type(value)
    if arrow is None or not hasattr(arrow, "Table") or module_of(kind).partition(".")[0] != "pyarrow":
        return False
    try:
        return _feed(digester, value, kind, arrow)
    except arrow.ArrowException as error:
        raise NotLookedInside(f"could not be read: {type(error).__name__}") from error


def _feed(digester: Digester, value: Any, kind: type, arrow: Any) -> bool:
    if itself_or_below(kind, arrow.Array):
        _array(digester, value, arrow)
    elif kind is arrow.ChunkedArray:
        _chunks(digester, value, arrow)
    elif kind is arrow.Table or kind is arrow.RecordBatch:
        digester.expect_items(value.num_columns)
        digester.tag(kind.__name__)
        _schema(digester, value.schema)
        for column in value.columns:
            feed(digester, column)
    elif itself_or_below(kind, arrow.Scalar):
        digester.tag("scalar")
        _array(digester, arrow.array([value.as_py()], value.type), arrow)
    elif kind is arrow.Schema:
        _schema(digester, value)
    elif itself_or_below(kind, arrow.DataType) or kind is arrow.Field:
        digester.text(kind.__name__, f"{value}")
        digester.feed(getattr(value, "metadata", None))
    elif kind is arrow.Buffer:
        digester.spend_buffer(value.size)
        digester.buffer("Buffer", value)
    else:
        return False
    return True


def _schema(digester: Digester, schema: Any) -> None:
    fields = [(field.name, f"{field.type}", field.nullable, field.metadata) for field in schema]
    digester.feed((fields, schema.metadata))


def _chunks(digester: Digester, value: Any, arrow: Any) -> None:
    """Feed chunks as the one array that they make."""
    digester.spend_buffer(value.nbytes)
    whole = value.chunk(0) if value.num_chunks == 1 else value.combine_chunks()
    if type(whole) is arrow.ChunkedArray:
        raise NotLookedInside("too big to look inside")
    _array(digester, whole, arrow)


def _array(digester: Digester, value: Any, arrow: Any) -> None:
    digester.spend_buffer(value.nbytes)
    digester.text("arrow", f"{len(value)} {value.null_count} {value.type}")
    if value.type in (arrow.string_view(), arrow.binary_view()):
        plain = arrow.large_string() if value.type == arrow.string_view() else arrow.large_binary()
        value = value.cast(plain)
    if value.null_count and not arrow.types.is_null(value.type):
        _plain(digester, value.is_valid().cast(arrow.uint8()))
        value = value.drop_null()
    if len(value) and not arrow.types.is_null(value.type):
        _content(digester, value, arrow)


def _content(digester: Digester, value: Any, arrow: Any) -> None:
    """Feed an array without nulls."""
    kind, types = value.type, arrow.types
    if isinstance(value, arrow.ExtensionArray):
        _array(digester, value.storage, arrow)
    elif types.is_dictionary(kind):
        _array(digester, value.indices, arrow)
        _array(digester, value.dictionary, arrow)
    elif types.is_struct(kind):
        for child in value.flatten():
            _array(digester, child, arrow)
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        _plain(digester, _compute().list_value_length(value))
        _array(digester, value.flatten(), arrow)
    elif types.is_boolean(kind):
        _plain(digester, value.cast(arrow.uint8()))
    elif _is_text(types, kind):
        _text(digester, value)
    elif types.is_primitive(kind) or types.is_decimal(kind) or types.is_fixed_size_binary(kind):
        _plain(digester, value)
    else:
        raise NotLookedInside(f"Arrow arrays of type {kind} are not looked inside")


def _is_text(types: Any, kind: Any) -> bool:
    return any(
        test(kind)
        for test in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    )


def _plain(digester: Digester, value: Any) -> None:
    """Feed elements of a fixed width, where they lie."""
    width = value.type.bit_width // 8
    start = value.offset * width
    digester.buffer("elements", memoryview(value.buffers()[1])[start : start + len(value) * width])


def _text(digester: Digester, value: Any) -> None:
    """Feed the lengths, and the text in one piece."""
    _plain(digester, _compute().binary_length(value))
    _, offsets, data = value.buffers()
    at = memoryview(offsets).cast("q" if str(value.type).startswith("large") else "i")
    first, last = at[value.offset], at[value.offset + len(value)]
    digester.buffer("text", memoryview(data)[first:last] if data is not None else b"")


def _compute() -> Any:
    return importlib.import_module("pyarrow.compute")
