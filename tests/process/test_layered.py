"""Lists that imports and users add to: the digest tells what the user put there, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.process.layered import Layered
from jupyter_repro.process.setting import why_unseen


def layered(entries: list[object]) -> Layered:
    return Layered(
        "setting:list", names=frozenset(), read=lambda: entries, key=lambda e: e if type(e) is str else None
    )


BASE = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("changed", "own"),
    [
        (["a", "b", "c"], []),
        (["x", "a", "b", "c"], ["x"]),
        (["a", "b", "c", "x"], ["x"]),
        (["y", "x", "a", "b", "c"], ["x", "y"]),
        (["c", "a", "b"], ["c"]),
        (["a", "c"], []),
        ([], []),
    ],
)
def test_own_entries_are_what_was_added_or_moved(changed: list[str], own: list[str]) -> None:
    """An entry that was moved up counts as put by hand; the digest tells every change."""
    entries: list[object] = list(BASE)
    setting = layered(entries)
    before = setting.digest()
    entries[:] = changed
    assert sorted(setting.own()) == own
    assert (setting.digest() == before) == (changed == BASE)


WORDS = st.lists(st.sampled_from("uvwxyz"), unique=True, max_size=4)
LIBRARY = st.lists(st.sampled_from("lmnopq"), unique=True, max_size=4)


@given(mine=WORDS, first=LIBRARY, second=LIBRARY)
def test_the_digest_does_not_depend_on_when_libraries_came(
    mine: list[str], first: list[str], second: list[str]
) -> None:
    """The same entries by hand have the same digest, whatever imports put on top before and after."""
    alone: list[object] = list(BASE)
    setting = layered(alone)
    setting.digest()
    alone[:0] = mine
    expected = setting.digest()

    entries: list[object] = list(BASE)
    other = layered(entries)
    other.digest()
    for added in (first, None, [word for word in second if word not in first]):
        keep = other.own()
        if added is None:
            entries[:0] = mine
        else:
            entries[:0] = added
            other.rebase(keep)
    assert other.digest() == expected


@given(mine=WORDS, theirs=WORDS)
def test_other_entries_have_another_digest(mine: list[str], theirs: list[str]) -> None:
    """Two lists by hand have one digest only if they are the same list."""
    digests = []
    for words in (mine, theirs):
        entries: list[object] = list(BASE)
        setting = layered(entries)
        setting.digest()
        entries[:0] = words
        digests.append(setting.digest())
    assert (digests[0] == digests[1]) == (mine == theirs)


def test_above_and_below_differ() -> None:
    """``append`` and ``insert`` are told apart."""
    digests = []
    for place in (0, 3):
        entries: list[object] = list(BASE)
        setting = layered(entries)
        setting.digest()
        entries.insert(place, "x")
        digests.append(setting.digest())
    assert digests[0] != digests[1]


def test_what_was_taken_away_stays_taken_away_across_an_import() -> None:
    """``resetwarnings`` is still in force after a library has added its filters."""
    entries: list[object] = list(BASE)
    setting = layered(entries)
    whole = setting.digest()
    entries.clear()
    emptied = setting.digest()
    keep = setting.own()
    entries[:0] = ["library"]
    setting.rebase(keep)
    assert setting.digest() == emptied != whole


def test_a_strange_entry_makes_the_list_unseen() -> None:
    """What has no key is never looked into."""
    entries: list[object] = [*BASE]
    setting = layered(entries)
    setting.digest()
    entries.append(object())
    assert "not looked inside" in why_unseen(setting.digest())
