"""Where a source goes through a set in the set's own order."""

from __future__ import annotations

import pytest

from jupyter_repro.entropy.set_order import may_spell, set_plan, set_walks


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("words = list(set(text.split()))", "list(set(text.split()))"),
        ("for w in {'a', 'b'}:\n    print(w)", "for ... in {'a', 'b'}"),
        (
            "vocabulary = set(words)\nindex = {w: i for i, w in enumerate(vocabulary)}",
            "enumerate(vocabulary)",
        ),
        ("[f(x) for x in set(a) - set(b)]", "[f(x) for x in set(a) - set(b)]"),
        ("', '.join({str(x) for x in y})", "', '.join({str(x) for x in y})"),
        ("first = set(words).pop()", "set(words).pop()"),
        ("print(f'{set(words)}')", "{set(words)}"),
        ("a, b = [*{'a', 'b'}]", "*{'a', 'b'}"),
    ],
)
def test_sets_in_their_own_order(source: str, text: str) -> None:
    """Going through a set of texts or objects is found, through a name of the cell too."""
    assert [spot.text for spot in set_walks(source, {})] == [text]


@pytest.mark.parametrize(
    "source",
    [
        "sorted(set(words))",
        "for w in sorted({'a', 'b'}):\n    pass",
        "len(set(words)), max(set(words)), sum({1, 2})",
        "list({1, 2, 3})",
        "list(set(range(10)))",
        "all(w in known for w in set(words))",
        "known = set(words)\nknown = sorted(known)\nlist(known)",
        "'a' in set(words)",
        "list(set())",
        "list({len(w) for w in words})",
        "list({2 * len(w) + 1 for w in words})",
        "for n in set(map(len, words)):\n    pass",
        "list(set(int(w) for w in words))",
    ],
)
def test_sets_whose_order_does_not_matter(source: str) -> None:
    """Sorting, counting and asking do not hang on the order, nor do sets of numbers spelled out."""
    assert set_walks(source, {}) == ()


@pytest.mark.parametrize(
    ("kinds", "texts"),
    [
        ({"words": True}, ["list(words)", "for ... in words - other"]),
        ({"words": False}, []),
        ({"other": True}, ["for ... in words - other"]),
        ({}, []),
    ],
)
def test_values_decide_where_the_source_does_not(kinds: dict[str, bool], texts: list[str]) -> None:
    """A name of another cell is a set if its value is one; numbers alone have no order to lose."""
    source = "a = list(words)\nfor w in words - other:\n    pass"
    assert [walk.text for walk in set_walks(source, kinds)] == texts


def test_sets_of_numbers_by_their_values() -> None:
    """`set(years)` of numbers is passed over where the values are known."""
    source = "years = read()\nfor year in set(years):\n    pass"
    assert [walk.text for walk in set_walks(source, {})] == ["for ... in set(years)"]
    assert set_walks(source, {"years": False}) == ()
    for spelled in ("frame['year']", "frame.year"):
        assert set_walks(f"list(set({spelled}))", {"frame.year": False}) == ()
        assert set_walks(f"list(set({spelled}))", {"frame": False}) != ()


def test_walks_inside_functions_are_theirs() -> None:
    """A function or class that walks is told from the cell that does."""
    source = "def f(words):\n    return list(set(words))\nx = f(['a'])\ny = list({'a', 'b'})"
    assert [(walk.line, walk.home) for walk in set_walks(source, {})] == [(2, "f"), (4, "")]
    plan = set_plan(source)
    assert plan is not None
    assert (plan.homes, "f" in plan.uses, "words" in plan.filled) == ({"f"}, True, True)


def test_what_is_no_python() -> None:
    """Nothing can be told, and nothing raises."""
    assert set_plan("not python at all (") is None
    assert set_walks("not python at all (", {}) == ()


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("set(x)", True),
        ("{'a', 'b'}", True),
        ("{'a:b', 'c'}", True),
        ("{x[1:2], 3}", True),
        ("{f(x)\n for x in y}", True),
        ("{f(x, 1) for x in y}", True),
        ("{'a': 1, 'b': 2}", False),
        ("{k: v for k, v in pairs}", False),
        ("print(f'{x} and {y:.3f} and {len(z)}')", False),
        ("x = {}\ny = x[0]", False),
        ("x = 1, 2", False),
    ],
)
def test_a_quick_look(source: str, may: bool) -> None:  # noqa: FBT001 - a case of the table
    """Cells without sets are told by their text alone, so that they cost nothing."""
    assert may_spell(source) is may
