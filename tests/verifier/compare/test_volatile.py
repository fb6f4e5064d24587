"""What differs between the author's runs may differ again, and nothing else may."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.verifier.compare import Tolerance, compare_notebooks
from jupyter_repro.verifier.compare.template import learned
from jupyter_repro.verifier.compare.volatile import Mask, learn, masks_from_json

DAY = dt.date(2026, 11, 21)
SLOW = "The slowest run took 9 times longer.\n"


@pytest.mark.parametrize(
    ("runs", "fresh", "fits"),
    [
        (["took 1.2 s", "took 1.3 s"], "took 14.75 s", True),
        (["took 1.2 s", "took 1.3 s"], "took 1.2 ms", False),
        (["took 1.2 s", "took 1.3 s"], "took 1.2 s\nfailed", False),
        (["in 12ms, loss 0.5", "in 9ms, loss 0.5"], "in 11ms, loss 0.5", True),
        (["in 12ms, loss 0.5", "in 9ms, loss 0.5"], "in 11ms, loss 0.6", False),
        (["/x/tmpab12 ok", "/x/tmpcd34 ok"], "/x/tmp99 ok", True),
        (["/x/tmpab12 ok", "/x/tmpcd34 ok"], "/x/tmp99 bad", False),
        (["3 us per loop", SLOW + "4 us per loop"], "5 us per loop", True),
        (["3 us per loop", SLOW + "4 us per loop"], SLOW.replace("9", "7") + "5 us per loop", True),
        (["3 us per loop", SLOW + "4 us per loop"], "5 us", False),
        (["Sat, 21 Nov 2026 10:00:01", "Sat, 21 Nov 2026 10:00:05"], "Mon, 07 Dec 2026 09:30:00", True),
        (
            ["born 2020-01-01 at 10:00:01", "born 2020-01-01 at 10:00:05"],
            "born 2020-01-02 at 10:00:07",
            False,
        ),
        (["2026-11-21 10:00:01.5", "2026-11-21 10:00:05.25"], "2027-01-01 00:00:00", True),
        (["a 1 b", "a 2 b"], "a x b", False),
    ],
)
def test_templates(runs: list[str], fresh: str, fits: bool) -> None:  # noqa: FBT001 - a column of the table
    """One row a shape of what is volatile."""
    template = learned(runs, DAY)
    assert template is not None
    assert all(template.fits(run, Tolerance()) for run in runs)
    assert fits == template.fits(fresh, Tolerance())


def test_equal_runs_teach_nothing() -> None:
    """There is no mask without a difference."""
    assert learned(["a 1", "a 1"]) is None


@given(st.lists(st.text(alphabet="ab1.: \n", max_size=30), min_size=2, max_size=4))
def test_a_template_takes_every_run_it_was_learned_from(runs: list[str]) -> None:
    """Whatever the runs printed."""
    template = learned(runs)
    assert template is None or all(template.fits(run, Tolerance()) for run in runs)


def _notebook(*printed: str) -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "source": "1",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": text}],
        }
        for number, text in enumerate(printed)
    ]
    return {"cells": cells}


def test_only_the_volatile_places_of_the_volatile_cell() -> None:
    """A mask of one cell excuses nothing in another, and comes back from JSON as it was."""
    reference = _notebook("took 1.2 s, loss 0.5", "took 1.2 s")
    masks, refused = learn(reference, [_notebook("took 1.3 s, loss 0.5", "took 1.2 s")])
    assert not refused
    again = masks_from_json(json.loads(json.dumps([mask.to_json() for mask in masks])))
    assert again == masks
    fresh = _notebook("took 9.9 s, loss 0.5", "took 9.9 s")
    first, second = compare_notebooks(reference, fresh, masks=again)
    assert (first.verdict, first.why) == (
        "volatile",
        "differs only in 1 place where 2 runs of the author differed: 1.2 became 9.9",
    )
    assert second.verdict == "differs"
    changed, _ = compare_notebooks(reference, _notebook("took 9.9 s, loss 0.6", "took 1.2 s"), masks=again)
    assert changed.verdict == "differs"


def test_what_is_volatile_all_over_gets_no_mask() -> None:
    """It would pass with anything in it."""
    rows = [" ".join(str(seed + i / 7) for i in range(30)) for seed in range(2)]
    masks, refused = learn(_notebook(rows[0]), [_notebook(rows[1])])
    assert masks == ()
    assert refused == ("cell 1: more than half of what it shows is another in each run",)


def test_a_text_too_long_to_learn_from_is_told() -> None:
    """The author hears that this cell is compared as it stands."""
    long = "a . " * 4000
    masks, refused = learn(_notebook(long), [_notebook(long + "b")])
    assert masks == ()
    assert refused == ("cell 1: what differs between runs is in a text too long to be learned",)


@pytest.mark.parametrize(
    "row",
    [
        None,
        {},
        {"cell": "a", "part": "printed", "runs": 1, "text": []},
        {"cell": "a", "part": "printed", "runs": True, "text": []},
        {"cell": "a", "part": "printed", "runs": 2, "text": [["hole"]]},
        {"cell": "a", "part": "printed", "runs": 2, "text": [["hole", "everything"]]},
    ],
)
def test_a_mask_that_is_none_is_refused(row: object) -> None:
    """A bundle's masks are checked before they excuse anything."""
    with pytest.raises(ValueError, match=r"."):
        masks_from_json([row])


def test_the_whole_of_an_output_form() -> None:
    """An HTML table with a time in it."""

    def shown(seconds: str, score: str) -> dict[str, Any]:
        html = f"<table><tr><td>{seconds}</td><td>{score}</td></tr></table>"
        output = {"output_type": "display_data", "data": {"text/html": html, "text/plain": "x"}}
        return {"cells": [{"cell_type": "code", "id": "a", "source": "1", "outputs": [output]}]}

    masks, _ = learn(shown("1.2", "0.9"), [shown("1.4", "0.9")])
    assert [mask.part for mask in masks] == ["0 text/html"]
    assert isinstance(masks[0], Mask)
    verdicts = [
        compare_notebooks(shown("1.2", "0.9"), fresh, masks=masks)[0].verdict
        for fresh in (shown("7.1", "0.9"), shown("7.1", "0.8"))
    ]
    assert verdicts == ["volatile", "differs"]
