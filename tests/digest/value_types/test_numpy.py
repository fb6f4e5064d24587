"""NumPy values: content, type and shape count; memory order, views and padding do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from jupyter_repro.digest.values import Budget, value_digest


def digest(value: Any) -> str:
    budget = Budget()
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


class Marked(np.ndarray):
    """An array of the user's, with an attribute."""

    mark: int


def marked(mark: int) -> Marked:
    found = np.arange(3).view(Marked)
    found.mark = mark
    return found


def read_only(array: np.ndarray) -> np.ndarray:
    """Return the array, locked."""
    array.flags.writeable = False
    return array


def padded(filler: int) -> Any:
    """Return a structured array with a byte between its fields."""
    raw = np.full(32, filler, "u1")
    whole = raw.view(np.dtype([("a", "i1"), ("b", "i4")], align=True))
    whole["a"], whole["b"] = 1, 2
    return whole


def drawn(generator: Any) -> Any:
    generator.random()
    return generator


def spawned(generator: Any) -> Any:
    generator.spawn(1)
    return generator


DIFFERENT = {
    "what may be written": lambda: [np.arange(3), read_only(np.arange(3))],
    "plain": lambda: [
        np.arange(3), np.arange(4), np.arange(3.0), np.arange(3, dtype="i4"), np.arange(3, dtype=">i8"), np.arange(6),
        np.arange(6).reshape(2, 3), np.arange(6).reshape(3, 2), np.arange(6).reshape(3, 2).T, np.array(1), np.int64(1),
        np.int32(1), 1, [0, 1, 2], np.zeros(0), np.zeros((0, 3)), np.array([True]), np.array(["a"]), np.array(["ab"]),
        np.array([b"a"]), np.array([1, 0.0]), np.array([1, -0.0]), np.array([np.nan]), np.array([1j]),
        np.array([1], "longdouble"), np.array([2], "longdouble"), np.float16(1), np.bool_(True), np.str_("a"), np.bytes_(b"a"),
    ],
    "moments": lambda: [
        np.array(["2020"], "M8[Y]"), np.array(["2020"], "M8[D]"), np.array(["2021"], "M8[Y]"), np.array([1], "m8[s]"),
        np.array([1], "m8[ms]"), np.datetime64("2020"), np.datetime64("2020-01-01"), np.timedelta64(1, "s"),
    ],
    "objects": lambda: [
        np.array([1, "a"], object), np.array([1, "b"], object), np.array([1, [2]], object), np.array([1, [3]], object),
        np.array([[1], ["a"]], object),
    ],
    "structured": lambda: [
        np.zeros(2, "i4,i4"), np.zeros(2, "i4,f4"), np.zeros(2, [("a", "i4"), ("b", "i4")]),
        np.array([(1, 0), (0, 0)], "i4,i4"), np.array([(0, 1), (0, 0)], "i4,i4"), np.zeros(2, "i4,O"),
        np.zeros(2, [("a", "i4", (2,))]), np.zeros(2, "i4,i4")[0], np.rec.array([(1, 2)], dtype="i4,i4"),
    ],
    "masked": lambda: [
        np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[1, 0]), np.ma.array([1, 2]), np.ma.masked,
        np.ma.array([1, 2], mask=[0, 1], fill_value=7),
    ],
    "subclasses": lambda: [marked(1), marked(2), np.arange(3)],
    "types": lambda: [
        np.dtype("i4"), np.dtype("i8"), np.dtype("i4,i4"), np.dtype([("a", "i4")]), np.dtype([("b", "i4")]), np.int64,
        np.dtype("i4", metadata={"a": 1}), np.dtypes.StringDType(), np.dtypes.StringDType(na_object=None), np.float64,
    ],
    "texts": lambda: [
        np.array(["a", "b"], np.dtypes.StringDType()), np.array(["a", "c"], np.dtypes.StringDType()), np.array(["a", "b"]),
    ],
    "functions": lambda: [np.sum, np.mean, np.add, np.subtract, np.linalg.norm, np.random.rand, np.random.randn, np.array],
    "random": lambda: [
        np.random.default_rng(1), np.random.default_rng(2), drawn(np.random.default_rng(1)), spawned(np.random.default_rng(1)),
        np.random.RandomState(1), np.random.RandomState(2), np.random.Generator(np.random.MT19937(1)), np.random.PCG64(1),
        np.random.PCG64DXSM(1), np.random.SeedSequence(1), np.random.SeedSequence(2), np.random.Generator(np.random.Philox(1)),
    ],
}  # fmt: skip

SAME = {
    "orders of memory": lambda: [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
    "views": lambda: [np.arange(10)[::2], np.array([0, 2, 4, 6, 8])],
    "backward": lambda: [np.arange(3)[::-1], np.array([2, 1, 0])],
    "big and not contiguous": lambda: [
        np.arange(300_000.0).reshape(300, 1000).T,
        np.ascontiguousarray(np.arange(300_000.0).reshape(300, 1000).T),
    ],
    "padding": lambda: [padded(0), padded(255)],
    "padding of long numbers": lambda: [
        np.zeros(2, "g"),
        (np.full(32, 255, "u1").view("g")[:2] * 0 + np.zeros(2, "g")) * 0,
    ],
    "broadcast": lambda: [np.broadcast_to(np.float64(1), (3, 3)), read_only(np.ones((3, 3)))],
    "of bytes": lambda: [read_only(np.arange(3)), np.frombuffer(np.arange(3).tobytes(), int)],
}


@pytest.mark.parametrize("group", DIFFERENT)
def test_different_values_differ(group: str) -> None:
    """Each value has its own digest, and the same when it is made again."""
    once, again = (list(map(digest, DIFFERENT[group]())) for _ in range(2))
    assert once == again
    assert len(set(once)) == len(once)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("group", SAME)
def test_how_memory_lies_is_no_content(group: str) -> None:
    """Equal elements in equal shape have one digest."""
    values = SAME[group]()
    if group == "padding of long numbers":
        values[1][:] = 0
    assert len(set(map(digest, values))) == 1


@given(arrays.arrays(arrays.scalar_dtypes(), arrays.array_shapes(min_side=1, max_side=4)), st.data())
def test_any_changed_element_shows(array: Any, data: st.DataObject) -> None:
    """A bit turned anywhere gives another digest; a copy has the same one."""
    before = digest(array)
    assert digest(array.copy(order="F")) == before
    changed = array.copy()
    raw = changed.reshape(-1).view(np.uint8)
    if changed.dtype.char in "gG":
        return
    raw[data.draw(st.integers(0, raw.size - 1))] ^= 1
    assert digest(changed) != before


def test_a_memmap_is_read_by_content(tmp_path: Any) -> None:
    """An array in a file has the digest of what the file holds now."""
    whole = np.memmap(tmp_path / "a.bin", "f8", "w+", shape=(10,))
    before = digest(whole)
    whole[3] = 1
    assert digest(whole) != before


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (np.zeros(10_000_000), "too big"),
        (np.zeros((3000, 3000)).T, "too big"),
        (np.array([[i] for i in range(6000)] + [None], object)[:-1], "too many parts"),
        (np.empty(10_000_000, object), "too"),
        (np.frompyfunc(lambda x: x, 1, 1), "is not looked inside"),
        (iter(np.nditer(np.arange(3))), "an iterator"),
    ],
)
def test_what_is_not_looked_inside_says_why(value: Any, why: str) -> None:
    """No digest, no copy, and a reason."""
    budget = Budget()
    assert value_digest(value, budget=budget) is None
    assert why in budget.why


def test_an_array_costs_less_than_text() -> None:
    """Sixty-four bytes of an array count as one."""
    budget = Budget(bytes=20_000)
    assert value_digest(np.zeros(100_000), budget=budget)
    assert 0 < budget.bytes <= 10_000
