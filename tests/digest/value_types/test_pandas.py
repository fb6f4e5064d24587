"""pandas values: content, types, labels, notes and flags count; blocks and masked places do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_repro.digest.values import Budget, value_digest


def digest(value: Any) -> str:
    budget = Budget()
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


def noted(value: Any) -> Any:
    value.attrs["unit"] = "m"
    return value


def frame(**columns: Any) -> Any:
    return pd.DataFrame(columns)


def split() -> Any:
    """Return a frame whose numbers lie in two blocks of memory."""
    found = frame(a=[1, 2])
    found["b"] = [3, 4]
    return found


def masked(hidden: int) -> Any:
    return pd.arrays.IntegerArray(np.array([1, hidden]), np.array([False, True]))


DAYS = pd.date_range("2020", periods=2)

DIFFERENT = {
    "frames": lambda: [
        frame(a=[1, 2]), frame(a=[1, 3]), frame(b=[1, 2]), frame(a=[1.0, 2.0]), frame(a=[1, 2], b=[3, 4]), frame(b=[3, 4], a=[1, 2]),
        frame(a=["x", "y"]), frame(a=["x", "z"]), frame(a=["x", None]), noted(frame(a=[1, 2])), frame(), pd.DataFrame(index=[1]),
        frame(a=[1, 2]).set_flags(allows_duplicate_labels=False), frame(a=[1, 2]).set_index("a"), frame(a=[1, 2]).iloc[::-1],
        pd.DataFrame([[1, 2]], columns=["a", "a"]), frame(a=[[1], [2]]), frame(a=[[1], [3]]),
    ],
    "series": lambda: [
        pd.Series([1, 2]), pd.Series([1, 3]), pd.Series([1, 2], name="a"), pd.Series([1, 2], index=[1, 2]), pd.Series([1, 2], dtype="i4"),
        noted(pd.Series([1, 2])), pd.Series([1, 2], dtype=object), pd.Series([1, "a"]), pd.Series([None, None]), pd.Index([1, 2]),
    ],
    "extension types": lambda: [
        pd.Series(["a", "b"], dtype="category"), pd.Series(["a", "c"], dtype="category"),
        pd.Series(pd.Categorical(["a", "b"], ordered=True)), pd.Series(pd.Categorical(["a", "b"], ["b", "a"])),
        pd.Series(["a", "b"], dtype="string"), pd.Series(["a", "b"], dtype=object), pd.Series(["a", "b"], dtype="str"),
        pd.Series([1, None], dtype="Int64"), pd.Series([1, 0], dtype="Int64"), pd.Series([2, None], dtype="Int64"),
        pd.Series([1, None], dtype="Int32"), pd.Series([True, None], dtype="boolean"), pd.Series([1.5, None], dtype="Float64"),
        pd.Series(["a", None], dtype="string"), pd.Series(["a", "None"], dtype="string"),
        pd.Series(DAYS), pd.Series(DAYS.tz_localize("UTC")), pd.Series(DAYS.tz_localize("Europe/Berlin")), pd.Series(DAYS - DAYS[0]),
        pd.Series(DAYS.to_period("D")), pd.Series(pd.interval_range(0, 2)), pd.Series(pd.interval_range(0, 2, closed="left")),
        pd.Series(pd.arrays.SparseArray([0, 1])), pd.Series(pd.arrays.SparseArray([1, 0])), pd.Series(pd.arrays.SparseArray([0, 1, 0])),
        pd.Series([1, 2], dtype="int64[pyarrow]"), pd.Series([1, None], dtype="int64[pyarrow]"), pd.Series(["a"], dtype="string[pyarrow]"),
        pd.Series(["a"], dtype="string[python]"),
    ],
    "indexes": lambda: [
        pd.Index([1, 2]), pd.Index([1, 3]), pd.Index([1, 2], name="a"), pd.RangeIndex(2), pd.RangeIndex(1, 3), pd.RangeIndex(2, name="a"),
        pd.Index(["a", "b"]), pd.Index(["a", "c"]), DAYS, pd.DatetimeIndex(list(DAYS)), DAYS.rename("a"), pd.CategoricalIndex(["a", "b"]),
        pd.MultiIndex.from_tuples([(1, 2)]), pd.MultiIndex.from_tuples([(1, 3)]), pd.MultiIndex.from_tuples([(1, 2)], names=["a", "b"]),
        pd.IntervalIndex.from_breaks([0, 1, 2]), pd.PeriodIndex(["2020"], freq="D"), pd.PeriodIndex(["2020"], freq="M"),
    ],
    "scalars": lambda: [
        pd.Timestamp("2020"), pd.Timestamp("2021"), pd.Timestamp("2020", tz="UTC"), pd.Timestamp("2020").as_unit("s"),
        pd.Timestamp("2020").as_unit("ns"), pd.Timedelta(1, "s"), pd.Timedelta(2, "s"), pd.Period("2020", "D"), pd.Period("2020", "M"),
        pd.Interval(0, 1), pd.Interval(0, 1, "left"), pd.NaT, pd.NA, pd.offsets.MonthEnd(1), pd.offsets.MonthEnd(2),
        pd.offsets.MonthBegin(1), pd.DateOffset(months=1), pd.DateOffset(months=2), pd.CategoricalDtype(["a"]), pd.CategoricalDtype(["b"]),
        pd.Int64Dtype(), pd.Int32Dtype(), pd.DatetimeTZDtype(tz="UTC"),
    ],
}  # fmt: skip

SAME = {
    "blocks": lambda: [split(), frame(a=[1, 2], b=[3, 4])],
    "slices": lambda: [frame(a=range(10)).iloc[2:4].reset_index(drop=True), frame(a=[2, 3])],
    "masked places": lambda: [pd.Series(masked(5)), pd.Series(masked(9))],
    "copies": lambda: [frame(a=[1], b=["x"]), frame(a=[1], b=["x"]).copy()],
    "rows": lambda: [pd.Series([1, 2, 3])[::2].reset_index(drop=True), pd.Series([1, 3])],
}


@pytest.mark.parametrize("group", DIFFERENT)
def test_different_values_differ(group: str) -> None:
    """Each value has its own digest, and the same when it is made again."""
    once, again = (list(map(digest, DIFFERENT[group]())) for _ in range(2))
    assert once == again
    assert len(set(once)) == len(once), [at for at, found in enumerate(once) if once.count(found) > 1]


@pytest.mark.parametrize("group", SAME)
def test_how_it_is_stored_is_no_content(group: str) -> None:
    """Frames that hold the same have one digest."""
    assert len(set(map(digest, SAME[group]()))) == 1


def test_reading_leaves_the_frame_as_it_was() -> None:
    """A digest neither consolidates the blocks of a frame nor caches its columns."""
    found = split()
    before = len(found._mgr.blocks)
    digest(found)
    assert len(found._mgr.blocks) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda df: df.__delitem__("a"),
        lambda df: df.insert(0, "c", 1),
        lambda df: df.__setitem__("c", 1),
        lambda df: df.loc.__setitem__((0, "a"), 9),
        lambda df: df.loc.__setitem__((5, "a"), 9),
        lambda df: setattr(df, "columns", ["a", "z"]),
        lambda df: setattr(df.index, "name", "i"),
        lambda df: df.attrs.update(x=1),
    ],
)
def test_any_change_in_place_shows(change: Any) -> None:
    """A frame that was changed in place has another digest."""
    found = frame(a=[1, 2], b=["x", "y"])
    before = digest(found)
    change(found)
    assert digest(found) != before


def test_a_wide_frame_does_not_blow_the_budget() -> None:
    """More columns than there are items are not read at all."""
    budget = Budget()
    assert value_digest(pd.DataFrame(np.zeros((1, 9000))), budget=budget) is None
    assert "too many parts" in budget.why
