"""An iterator is known by what is left of it, and is not used up by being looked at."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import pytest

from jupyter_repro.digest.values import Budget, value_digest

MADE = {
    "list": lambda: iter([1, 2, 3]),
    "tuple": lambda: iter((1, 2, 3)),
    "text": lambda: iter("abc"),
    "other text": lambda: iter("\u03b1\u03b2\u03b3"),
    "bytes": lambda: iter(b"abc"),
    "bytearray": lambda: iter(bytearray(b"abc")),
    "range": lambda: iter(range(3)),
    "long range": lambda: iter(range(1 << 100, (1 << 100) + 3)),
    "keys": lambda: iter({"a": 1, "b": 2, "c": 3}),
    "values": lambda: iter({"a": 1, "b": 2, "c": 3}.values()),
    "items": lambda: iter({"a": 1, "b": 2, "c": 3}.items()),
    "set": lambda: iter({1, 2, 3}),
    "reversed list": lambda: reversed([1, 2, 3]),
    "reversed keys": lambda: reversed({"a": 1, "b": 2, "c": 3}),
    "reversed tuple": lambda: reversed((1, 2, 3)),
    "enumerate": lambda: enumerate("abc"),
    "zip": lambda: zip([1, 2, 3], "abc", strict=False),
    "map": lambda: map(str, [1, 2, 3]),
    "filter": lambda: filter(None, [1, 2, 3]),
}


def digest(value: object) -> str | None:
    """Return the digest of a value."""
    return value_digest(value, budget=Budget())


@pytest.mark.parametrize("name", MADE)
def test_what_is_left_is_what_counts(name: str) -> None:
    """Equal ones have equal digests, each step gives another, and looking takes none of the items."""
    one: Any = MADE[name]()
    other: Any = MADE[name]()
    seen = [digest(one)]
    assert seen[0] is not None
    assert digest(other) == seen[0]
    for _ in range(3):
        assert next(one) == next(other)
        assert digest(one) == digest(other)
        seen.append(digest(one))
    assert len(set(seen)) == 4
    assert list(one) == list(other) == []


def test_other_content_is_another_iterator() -> None:
    """The items, the kind and the function count."""
    several = [
        iter([1]), iter([2]), iter((1,)), map(str, [1]), map(repr, [1]), filter(str, [1]), enumerate([1]),
        enumerate([1], 1), zip([1], [2], strict=True), zip([1], [2], strict=False),
    ]  # fmt: skip
    assert len({digest(each) for each in several}) == len(several)


def test_an_iterator_over_a_generator_cannot_be_seen() -> None:
    """What a generator holds on its stack is out of sight, and so is what draws from it."""
    budget = Budget()
    assert value_digest(zip((x for x in (1,)), strict=True), budget=budget) is None
    assert "an iterator" in budget.why


def test_itertools_are_left_alone() -> None:
    """Asking them would warn on newer Pythons."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert digest(itertools.chain([1])) is None
