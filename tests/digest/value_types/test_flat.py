"""Short containers of atoms are digested at once, to what a digester makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.digest.digester import Budget, Digester
from jupyter_repro.digest.value_types import FEEDERS, OTHERS
from jupyter_repro.digest.value_types.flat import flat_digest
from jupyter_repro.digest.values import quick_digest, value_digest

ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.complex_numbers()
)
FLAT = st.one_of(
    st.lists(ATOMS), st.lists(ATOMS).map(tuple), st.dictionaries(st.one_of(st.text(), st.integers()), ATOMS)
)


def slowly(value: Any) -> str:
    """Return what a digester makes of a value."""
    digester = Digester(Budget(), FEEDERS, OTHERS, {})
    digester.feed(value)
    return digester.result().hex()


@given(FLAT)
def test_both_ways_lead_to_the_same(value: Any) -> None:
    """A value has one digest, however it is met."""
    assert flat_digest(value, type(value), Budget()) == slowly(value) == value_digest(value, budget=Budget())


class Own(int):
    """A class of the user's."""


class Meta(type):
    """A metaclass whose classes must not be hashed."""

    def __hash__(cls) -> int:
        raise AssertionError(cls)


class Odd(metaclass=Meta):
    """One of its classes."""


@pytest.mark.parametrize(
    "value",
    [
        pytest.param([1, Own(2)], id="a subclass"),
        pytest.param({"a": [1]}, id="nested"),
        pytest.param([Odd()], id="an object"),
        pytest.param({1: Odd()}, id="an object as a value"),
        pytest.param(list(range(600)), id="many"),
        pytest.param("text" * 1000, id="long"),
        pytest.param({1, 2}, id="a set"),
    ],
)
def test_all_others_are_left_to_a_digester(value: object) -> None:
    """Parts that are no plain atoms, what is long, other types: nothing is guessed and no code of the user's runs."""
    assert quick_digest(value, Budget()) is None


def test_what_is_beyond_the_budget_is_not_written_out() -> None:
    """Text is measured before it is copied."""
    assert quick_digest(["x" * 10_000], Budget(bytes=100)) is None
    assert quick_digest([1, 2], Budget(items=0)) is None
