"""Arrow values: content and types count; chunks, slices and what lies under a null do not."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pyarrow as pa
import pytest

from jupyter_repro.digest.values import Budget, value_digest


def digest(value: Any) -> str:
    budget = Budget()
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


ARRAYS: dict[str, tuple[list[Any], pa.DataType]] = {
    "int": ([1, None, 3, 4, 5], pa.int64()),
    "no nulls": ([1, 2, 3, 4, 5], pa.int32()),
    "float": ([1.5, None, 3.0, -0.0, 0.0], pa.float64()),
    "half": ([1.5, None, 3.0, 2.0, 0.0], pa.float16()),
    "bool": ([True, None, False, True, False], pa.bool_()),
    "string": (["a", None, "ccc", "", "e"], pa.string()),
    "large string": (["a", None, "ccc", "", "e"], pa.large_string()),
    "view": (["a", None, "c" * 30, "", "e"], pa.string_view()),
    "binary": ([b"a", None, b"ccc", b"", b"e"], pa.binary()),
    "fixed binary": ([b"aa", None, b"cc", b"dd", b"ee"], pa.binary(2)),
    "list": ([[1], None, [2, None, 3], [], [5]], pa.list_(pa.int64())),
    "large list": ([["a"], None, ["b", "c"], [], ["e"]], pa.large_list(pa.string())),
    "fixed list": ([[1, 2], None, [3, 4], [5, 6], [7, 8]], pa.list_(pa.int64(), 2)),
    "struct": ([{"a": 1}, None, {"a": None}, {"a": 4}, {"a": 5}], pa.struct([("a", pa.int64())])),
    "dictionary": (["x", None, "y", "x", "y"], pa.dictionary(pa.int32(), pa.string())),
    "date": ([dt.date(2020, 1, day) for day in range(1, 6)], pa.date32()),
    "moment": (
        [dt.datetime(2020, 1, day, tzinfo=dt.timezone.utc) for day in range(1, 6)],
        pa.timestamp("us"),
    ),
    "moment with a zone": (
        [dt.datetime(2020, 1, day, tzinfo=dt.timezone.utc) for day in range(1, 6)],
        pa.timestamp("us", "UTC"),
    ),
    "decimal": ([decimal.Decimal("1.50"), None, *map(decimal.Decimal, "345")], pa.decimal128(10, 2)),
    "nothing": ([None] * 5, pa.null()),
}


def made(name: str) -> Any:
    values, kind = ARRAYS[name]
    return pa.array(values, kind)


def test_different_arrays_differ() -> None:
    """Each type and content has its own digest, and the same when it is made again."""
    once, again = ({name: digest(made(name)) for name in ARRAYS} for _ in range(2))
    assert once == again
    assert len(set(once.values())) == len(ARRAYS)


@pytest.mark.parametrize("name", ARRAYS)
def test_slices_and_chunks_are_no_content(name: str) -> None:
    """A slice of a longer array, and the same in pieces, have the digest of the array alone."""
    values, kind = ARRAYS[name]
    longer = pa.array([*values[2:], *values, *values[:1]], kind)
    if pa.types.is_dictionary(kind):
        longer = pa.concat_arrays([made(name), made(name)])
        assert digest(longer[5:]) == digest(made(name))
        return
    assert digest(longer[3:8]) == digest(made(name))
    whole = made(name)
    pieces = pa.chunked_array([whole[:1], whole[1:4], whole[4:]], kind)
    assert digest(pieces) == digest(pa.chunked_array([whole], kind))


@pytest.mark.parametrize("name", [name for name in ARRAYS if name != "nothing"])
def test_any_change_shows(name: str) -> None:
    """Another element, or a null in its place, gives another digest."""
    values, kind = ARRAYS[name]
    assert digest(pa.array([*values[:2], None, *values[3:]], kind)) != digest(made(name))
    assert digest(pa.array([values[4], *values[1:4], values[0]], kind)) != digest(made(name))
    assert digest(pa.array([*values, values[0]], kind)) != digest(made(name))


def test_tables_differ_by_names_types_and_notes() -> None:
    """Column names, order and metadata count."""
    tables = [
        pa.table({"a": [1]}), pa.table({"b": [1]}), pa.table({"a": [2]}), pa.table({"a": [1.0]}), pa.table({"a": [1], "b": [2]}),
        pa.table({"a": [1]}).replace_schema_metadata({"x": "y"}), pa.record_batch({"a": [1]}), pa.schema([("a", pa.int64())]),
        pa.scalar(1), pa.scalar(2), pa.scalar("a"), pa.int64(), pa.int32(), pa.field("a", pa.int64()), pa.py_buffer(b"a"),
        pa.scalar(None, pa.int64()), pa.table({}),
    ]  # fmt: skip
    assert len(set(map(digest, tables))) == len(tables)


def test_what_is_not_looked_inside_says_why() -> None:
    """A type that is not known, and too much, are refused with the reason."""
    budget = Budget()
    assert value_digest(pa.array([[(1, 2)]], pa.map_(pa.int64(), pa.int64())), budget=budget) is None
    assert "map<" in budget.why
    assert value_digest(pa.table({"a": range(12_000_000)}), budget=budget) is None
    assert budget.why.startswith("too big to look inside")
