"""One value has one byte sequence."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.records import Environment, Git, Missing, Package, SeedPlan

text = st.text(st.characters(exclude_categories=["Cs"]))
atoms = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
values = st.recursive(atoms, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=20)


@given(value=values, indent=st.sampled_from([None, 2]))
def test_what_is_written_reads_back_equal(value: Any, indent: int | None) -> None:
    """Any other JSON reader agrees."""
    raw = dumps(value, indent=indent)
    assert json.loads(raw) == value
    assert raw.endswith(b"\n")


@given(value=st.dictionaries(text, values))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    """Sorted, however the dict was built."""
    assert dumps(dict(reversed(value.items()))) == dumps(value)


@given(value=values)
def test_one_line_has_one_line_end(value: Any) -> None:
    """A line of a journal is a line."""
    assert dumps(value).count(b"\n") == 1


def test_text_is_utf_8_and_not_escaped() -> None:
    """People read the diff of a record."""
    assert dumps({"b": "\u00e9", "a": [1.0, None, True]}) == '{"a":[1.0,null,true],"b":"\u00e9"}\n'.encode()


def test_records_are_written_as_their_fields() -> None:
    """And tagged where a reader must tell them apart."""
    assert (
        dumps(SeedPlan(seed=42, strictness="strict"))
        == b'{"seed":42,"strictness":"strict","entropy":"off","per_cell":false}\n'
    )
    assert to_builtins(Missing("why")) == {"is": "missing", "reason": "why"}


@pytest.mark.parametrize(
    "git",
    [Missing("no git"), Git(commit="c", branch=None, dirty=False, diff="", untracked=("a",), remote=None)],
)
def test_a_record_with_a_choice_round_trips(git: Git | Missing) -> None:
    """The tag brings back the very type."""
    raw = dumps({"git": git, "packages": (Package(name="a", version="1"),)})
    kind = msgspec.defstruct("Part", [("git", Git | Missing), ("packages", tuple[Package, ...])])
    assert msgspec.json.decode(raw, type=kind).git == git
    assert Environment.__struct_fields__
