"""All damage of a store is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import made, parcel

from jupyter_repro.store.catalog.check import check_store
from jupyter_repro.store.catalog.pins import pin

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.store.catalog.catalog import Catalog


def test_a_whole_store_is_whole(catalog: Catalog) -> None:
    """And counted."""
    made(catalog, parcel(1), parcel(2))
    found = check_store(catalog)
    assert found.whole
    assert (found.runs, found.objects, found.unused) == (2, 1, ())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda store, ids: (store / "runs" / f"{ids[0]}.json").write_bytes(b"{"), "it is not whole"),
        (
            lambda store, ids: (store / "runs" / f"{ids[0]}.json").unlink(),
            "the index names 1 runs that cannot be read",
        ),
        (
            lambda store, ids: (store / "runs" / "strange.json").write_bytes(b"{}"),
            "`runs/strange.json` is no record",
        ),
        (
            lambda store, ids: next((store / "objects").iterdir()).write_bytes(b"x"),
            "was changed after it was written",
        ),
        (lambda store, ids: next((store / "objects").iterdir()).unlink(), "which 2 runs need, is missing"),
        (
            lambda store, ids: (store / "pins" / "gone.json").write_bytes(b"{}"),
            "run gone, which is pinned, is missing",
        ),
        (lambda store, ids: (store / "pins" / f"{ids[0]}.json").write_bytes(b"{"), "is not whole"),
    ],
)
def test_each_damage_has_its_sentence(catalog: Catalog, tmp_path: Path, damage: object, said: str) -> None:
    """And none hides another."""
    ids = made(catalog, parcel(1), parcel(2))
    pin(catalog.store, ids[0], "golden")
    damage(tmp_path / "store", ids)  # type: ignore[operator]  # a table of functions
    found = check_store(catalog)
    assert not found.whole
    assert [each for each in found.damage if said in each]


def test_what_nobody_needs_is_no_damage(catalog: Catalog, tmp_path: Path) -> None:
    """A writer that was killed before its record leaves an object."""
    ids = made(catalog, parcel(1))
    catalog.store.remove(f"runs/{ids[0]}.json")
    catalog.update()
    found = check_store(catalog)
    assert found.whole
    assert len(found.unused) == 1


def test_an_index_that_lacks_runs_is_told(catalog: Catalog) -> None:
    """With the command that mends it."""
    made(catalog, parcel(1))
    catalog.index.clear()
    assert check_store(catalog).damage == ("the index lacks 1 runs: `jupyter repro runs reindex`",)
