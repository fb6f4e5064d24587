"""Frames share what they share, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_repro.replay.known_layouts import arrays_behind, is_immutable
from jupyter_repro.replay.shares import objects_of, share


def shares(one: object, other: object) -> bool:
    """Tell whether two values share something that can be changed."""
    return share(objects_of(one), objects_of(other))


def frame() -> pd.DataFrame:
    """Return a small frame with columns of several kinds."""
    return pd.DataFrame(
        {
            "n": np.arange(4.0),
            "t": list("abab"),
            "c": pd.Categorical(list("xyxy")),
            "i": pd.array([1, None, 3, 4], dtype="Int64"),
            "d": pd.date_range("2026-01-01", periods=4, tz="UTC"),
        }
    )


def test_frames_of_the_same_kind_share_nothing() -> None:
    """Types of data, names of columns and labels of rows are no data."""
    one = frame()
    assert not shares(one, frame())
    assert not shares(one, one.copy())
    assert not shares(one, one.groupby("t").n.mean())
    assert not shares(one, np.arange(4.0))


def test_the_frame_itself_and_what_lies_under_it_are_shared() -> None:
    """The same object, a container of it, and an array that is its memory."""
    one = frame()
    assert shares(one, one)
    assert shares([one], {"a": one})
    array = np.arange(6.0).reshape(2, 3)
    over = pd.DataFrame(array, copy=False)
    array[0, 0] = 7
    if over.iloc[0, 0] == 7:
        assert shares(over, array)


def test_objects_in_a_column_are_shared() -> None:
    """A list in a cell of a frame is the list."""
    held = [1]
    column = pd.Series([held, None], dtype=object)
    assert shares(column, held)
    assert not shares(column, [1])


def test_attributes_of_a_frame_are_shared() -> None:
    """``attrs`` may hold anything."""
    held = [1]
    one = frame()
    one.attrs["own"] = held
    assert shares(one, held)


def test_few_objects_are_looked_at() -> None:
    """A small frame is a handful of arrays, not hundreds of objects."""
    objects = objects_of(frame())
    assert objects is not None
    assert len(objects) < 25


@pytest.mark.parametrize(
    "value",
    [
        np.float64(1),
        np.dtype("f8"),
        pd.Timestamp(0),
        pd.Timedelta(0),
        pd.CategoricalDtype(),
        dt.date(2026, 1, 1),
        slice(1),
    ],
    ids=repr,
)
def test_what_cannot_change_is_not_shared(value: Any) -> None:
    """Scalars and types of data."""
    assert is_immutable(value)
    assert objects_of(value) == frozenset()


@pytest.mark.parametrize(
    "value", [[], {}, np.zeros(1), object(), slice([])], ids=["list", "dict", "array", "object", "slice"]
)
def test_what_can_change_is(value: Any) -> None:
    """Nothing mutable is taken for fixed."""
    assert not is_immutable(value)


def test_only_the_librarys_own_types_are_known() -> None:
    """A subclass of the user's may keep data elsewhere, and is followed as any object."""
    own = type("Own", (pd.DataFrame,), {})
    assert arrays_behind(own({"a": [1]})) is None
    assert arrays_behind([1]) is None
