"""A journal line holds no credential, wherever in a record it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from jupyter_repro.records import CellRun
from jupyter_repro.store.lines import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"
OURS = {"digest", "before", "after", "outputs", "ended"}
"""Fields that hold digests and words of our own."""


def values_of(kind: Any, field: str = "") -> Iterator[Any]:
    """Yield values of a type, as its msgspec description tells, each with the secret in one place of its own."""
    if isinstance(kind, msgspec.inspect.StructType):
        plain = {each.encode_name: least(each.type) for each in kind.fields if each.required}
        for each in kind.fields:
            for value in values_of(each.type, each.encode_name):
                yield {**plain, each.encode_name: value}
    elif isinstance(kind, msgspec.inspect.UnionType):
        for each in kind.types:
            yield from values_of(each, field)
    elif isinstance(kind, msgspec.inspect.VarTupleType):
        yield from ([value] for value in values_of(kind.item_type, field))
    elif isinstance(kind, msgspec.inspect.TupleType):
        for place, each in enumerate(kind.item_types):
            rest = [least(other) for other in kind.item_types]
            for value in values_of(each, field):
                yield [*rest[:place], value, *rest[place + 1 :]]
    elif isinstance(kind, msgspec.inspect.StrType) and field not in OURS:
        yield SECRET


def least(kind: Any) -> Any:
    """Return the shortest value of a type."""
    if isinstance(kind, msgspec.inspect.StructType):
        return {each.encode_name: least(each.type) for each in kind.fields if each.required}
    if isinstance(kind, msgspec.inspect.UnionType):
        return None if kind.includes_none else least(kind.types[0])
    if isinstance(kind, msgspec.inspect.TupleType):
        return [least(each) for each in kind.item_types]
    if isinstance(kind, msgspec.inspect.LiteralType):
        return kind.values[0]
    empty = {msgspec.inspect.StrType: "", msgspec.inspect.IntType: 0, msgspec.inspect.BoolType: False}
    return empty.get(type(kind), 0.0 if isinstance(kind, msgspec.inspect.FloatType) else [])


RUNS = list(values_of(msgspec.inspect.type_info(CellRun)))


def test_every_text_of_a_record_is_tried() -> None:
    """The table below is made from the record itself: a field that comes later is in it."""
    assert len(RUNS) > 20
    assert {"source", "cell", "error", "effects", "touched", "leaks", "ops"} <= {
        key for run in RUNS for key in run
    }


@pytest.mark.parametrize("plain", RUNS, ids=lambda plain: str(plain)[:0])
def test_no_text_of_a_record_brings_a_credential_to_disk(plain: dict[str, Any]) -> None:
    """Whatever field it stands in, a mark stands in its place."""
    line = encode(msgspec.convert(plain, CellRun))
    assert SECRET.encode() not in line
    assert b"[REDACTED:" in line
    assert isinstance(decode(line.rstrip(b"\n")), CellRun)
