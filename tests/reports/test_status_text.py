"""The status as text: first causes, with what they spoil below them."""

from __future__ import annotations

from jupyter_repro.records import CellId, CellVerdict
from jupyter_repro.reports.status_text import _grouped, _why


def said(number: int, verdict: str = "stale", *because: int) -> CellVerdict:
    """Return the verdict of a cell."""
    return CellVerdict(
        id=CellId(f"c{number}"),
        label=f"cell {number}",
        verdict=verdict,  # type: ignore[arg-type] # given as a word
        why=(f"why {number}",),
        because_of=tuple(CellId(f"c{other}") for other in because),
    )


def test_what_is_spoiled_stands_below_its_first_cause() -> None:
    """Also what is spoiled by what is spoiled; two causes are kept apart."""
    cells = [
        said(1, "edited"),
        said(2, "stale", 1),
        said(3, "hidden state"),
        said(4, "stale", 2),
        said(5, "stale", 3),
    ]
    assert [row[0] for row in _grouped(cells, verbose=False)] == [
        "cell 1",
        "  cell 2",
        "  cell 4",
        "cell 3",
        "  cell 5",
    ]


def test_every_cell_is_shown_once() -> None:
    """A later cell behind a verdict is no cause above it; reproduced cells stand for themselves."""
    cells = [said(1, "out of order", 3), said(2, "reproduced"), said(3, "edited"), said(4, "stale", 1, 3)]
    assert [row[0] for row in _grouped(cells, verbose=False)] == ["cell 1", "  cell 4", "cell 2", "cell 3"]


def test_many_reasons_are_counted() -> None:
    """The first stands for the rest, unless all are asked for."""
    cell = CellVerdict(id=CellId("c"), label="cell 1", verdict="stale", why=("a", "b", "c"))
    assert _why(cell, verbose=False) == "a; and 2 more reasons"
    assert _why(cell, verbose=True) == "a; b; c"
