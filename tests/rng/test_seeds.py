"""A seed is a whole number from 0 to 2**128 - 1."""

from __future__ import annotations

import numpy as np
import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.rng import check_seed


@pytest.mark.parametrize("value", [0, 42, 2**32, 2**64, 2**128 - 1])
def test_whole_numbers(value: int) -> None:
    """Any seed within bounds is kept as it is."""
    assert check_seed(value) == value


def test_numpy_integers_become_int() -> None:
    """A NumPy integer is a whole number too, and becomes a plain one."""
    assert type(check_seed(np.int64(7))) is int


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "a seed is not negative, -1 is"),
        (3.7, "a seed is a whole number, not 3.7"),
        (True, "a seed is a whole number, not True"),
        ("42", "a seed is a whole number, not '42'"),
        (None, "a seed is a whole number, not a value of type NoneType"),
        (2**128, "a seed has at most 128 bits, this one has 129"),
        (-(2**9000), "a seed is not negative, a number of 9001 bits is"),
    ],
)
def test_anything_else_is_refused_in_one_line(value: object, message: str) -> None:
    """The message names the value, the remedy says what to write."""
    with pytest.raises(BadWord) as caught:
        check_seed(value)
    assert caught.value.message == message
    assert caught.value.remedy.startswith("write a ")
