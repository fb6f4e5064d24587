"""From cell runs to a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_repro.records import ABSENT, Cell, CellId, CellRun, Document, Use, Version
from jupyter_repro.store.catalog.building import beyond_us, cells_of, inputs_of


def ran(order: int, *reads: Use, writes: tuple[Use, ...] = (), **facts: object) -> CellRun:
    return CellRun(
        order=order, cell=None, source="x", digest=f"s{order}", reads=reads, writes=writes, **facts
    )  # type: ignore[arg-type]  # a table


def test_inputs_are_what_no_cell_had_made() -> None:
    """The first version of each; products, absent files, names and settings are none."""
    runs = [
        ran(
            1, Use("file:a.csv", Version("1")), Use("name:x", Version("2")), Use("file:gone", Version(ABSENT))
        ),
        ran(2, Use("file:a.csv", Version("3")), writes=(Use("file:made.csv", Version("4", 2)),)),
        ran(3, Use("file:made.csv", Version("4", 2)), Use("module:utils", Version("5"))),
        ran(4, Use("file:big", Version(None, 0, (), "it is too large"))),
    ]
    found = [(each.resource, each.digest, each.why) for each in inputs_of(runs)]
    assert found == [
        ("file:a.csv", "1", ""),
        ("file:big", None, "it is too large"),
        ("module:utils", "5", ""),
    ]


def test_nobody_s_home_is_told() -> None:
    """Records are shared."""
    path = Path("~/data.csv").expanduser()
    assert [each.resource for each in inputs_of([ran(1, Use(f"file:{path}", Version("1")))])] == [
        "file:~/data.csv"
    ]


def test_cells_stand_in_document_order_with_their_latest_run() -> None:
    """Those without an id are known by their source, those that the notebook holds no more come last."""
    cells = tuple(
        Cell(id=CellId(name), source="x", digest=f"s{order}", label=name)
        for name, order in (("b", 3), ("a", 2))
    )
    document = Document(cells=cells, origin="file")
    runs = [
        ran(1),
        ran(2),
        ran(3, outputs="old"),
        ran(3, outputs="new"),
        ran(4, ended="not compiled"),
        ran(5, parent=3),
    ]
    found = cells_of(runs, document, {"b": "reproduced"})
    assert [(cell.id, cell.label) for cell in found] == [("b", "b"), ("a", "a"), ("source-s1", "run 1")]
    assert (found[0].outputs, found[0].verdict) == ("new", "reproduced")


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("%load_ext jupyter_repro\n%repro seed=42", False),
        ("# nothing\n\n  %repro status", False),
        ("", False),
        ("%repro seed=42\nx = 1", True),
        ("%%repro twice\nx = 1", True),
        ("%matplotlib inline", True),
    ],
)
def test_what_only_speaks_to_us(source: str, more: bool) -> None:  # noqa: FBT001 - a table
    """Is no result."""
    assert beyond_us(source) == more
