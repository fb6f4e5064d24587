"""A frame is looked into again only when something of it has changed, and whenever it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from jupyter_repro.digest.known_frames import KnownFrames
from jupyter_repro.digest.values import Budget, value_digest

if TYPE_CHECKING:
    from collections.abc import Callable


def budget() -> Budget:
    """Return plenty."""
    return Budget(bytes=1 << 20, items=10_000)


class Looker:
    """Counts how often a digest is made."""

    def __init__(self) -> None:
        self.known = KnownFrames()
        self.made = 0

    def __call__(self, value: Any, allowed: Budget | None = None) -> str | None:
        """Return the digest of a value."""

        def make() -> str | None:
            self.made += 1
            return value_digest(value, budget=budget())

        return self.known.digest(value, allowed or budget(), make)


def frame() -> pd.DataFrame:
    """Return numbers, text and truth values."""
    return pd.DataFrame(
        {"n": np.arange(6), "x": np.arange(6.0), "word": list("abcdef"), "ok": [True, False] * 3},
        index=pd.Index(range(10, 16), name="row"),
    )


@pytest.mark.parametrize(
    "make", [frame, lambda: frame().x, lambda: frame()[["n", "x"]].reset_index(drop=True)]
)
def test_what_has_not_changed_is_made_once(make: Callable[[], Any]) -> None:
    """The digest is the one that would be made."""
    value, look = make(), Looker()
    assert {look(value) for _ in range(3)} == {value_digest(value, budget=budget())}
    assert look.made == 1


CHANGES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "an element": lambda df: df.iloc.__setitem__((0, 0), 7),
    "a float by one bit": lambda df: df.iloc.__setitem__((1, 1), np.nextafter(1.0, 2.0)),
    "through the memory": lambda df: df._mgr.blocks[0].values.__setitem__((0, 0), 9),  # noqa: PD011 - a block
    "a text": lambda df: df.loc.__setitem__((10, "word"), "z"),
    "a truth value": lambda df: df.iloc.__setitem__((0, 3), False),
    "a new column": lambda df: df.__setitem__("new", 1),
    "a column less": lambda df: df.pop("x"),
    "names of columns": lambda df: setattr(df, "columns", ["n", "y", "word", "ok"]),
    "name of the columns": lambda df: setattr(df.columns, "name", "c"),
    "name of the rows": lambda df: setattr(df.index, "name", "r"),
    "labels of the rows": lambda df: setattr(df, "index", range(6)),
    "order of the rows": lambda df: df._update_inplace(df[::-1].copy()),
    "order of the columns": lambda df: df.insert(0, "first", df.pop("x")),
    "kind of numbers": lambda df: df.__setitem__("n", df["n"].astype("float64")),
    "notes": lambda df: df.attrs.update(unit="m"),
    "a flag": lambda df: setattr(df.flags, "allows_duplicate_labels", False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(change: str) -> None:
    """Whatever changes, the digest is made anew, and is another one."""
    value, look = frame(), Looker()
    before = look(value)
    CHANGES[change](value)
    after = look(value)
    assert after == value_digest(value, budget=budget())
    assert after != before


def test_the_name_of_a_series_is_seen() -> None:
    """A series is told by its name too."""
    value, look = frame().x, Looker()
    before = look(value)
    value.name = "y"
    assert look(value) != before


@pytest.mark.parametrize(
    "value",
    [
        pd.DataFrame({"o": [1, "a", None]}, dtype=object),
        pd.Series(pd.Categorical(["a", "b"])),
        pd.Series(pd.date_range("2026", periods=3)),
        pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
        pd.Series([1], name=("a", 1)),
        pd.Series([1], index=pd.MultiIndex.from_tuples([(1, 2)])),
        pd.Series(np.arange(10))[::2],
    ],
    ids=["objects", "categories", "dates", "masked", "a tuple as name", "two labels", "a stride"],
)
def test_what_is_not_told_by_its_memory_is_always_looked_into(value: Any) -> None:
    """Nothing is taken for unchanged that may have changed unseen."""
    look = Looker()
    assert look(value) == look(value) == value_digest(value, budget=budget())
    assert look.made == 2


def test_a_new_frame_at_the_same_place_is_looked_into() -> None:
    """An identity that was freed and given again tells nothing."""
    look = Looker()
    digests = {look(pd.DataFrame({"n": [number]})) for number in range(20)}
    assert len(digests) == 20
    assert look.made == 20


def test_too_big_to_compare_is_left_to_the_budget() -> None:
    """Where the bytes are past the budget, the digest decides what to say."""
    value, look = frame(), Looker()
    look(value)
    look(value, Budget(bytes=10, items=10_000))
    assert look.made == 2


def test_other_values_pass_through() -> None:
    """Only frames and series are remembered."""
    look = Looker()
    assert look([1]) == look([1]) == value_digest([1], budget=budget())
    assert look.made == 2
