"""A notebook that was renamed keeps its runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from making import made, parcel

from jupyter_repro.records.catalog import RanCell
from jupyter_repro.store.catalog.former import former_names, runs_of

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.store.catalog.catalog import Catalog

CELLS = "abc"


def notebook(path: Path, ids: str = CELLS) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": [{"id": each} for each in ids]}))
    return path


def ran(ids: str) -> tuple[RanCell, ...]:
    return tuple(RanCell(id=each, label=each, source="s", outputs="o") for each in ids)


def test_runs_follow_a_notebook_through_its_names(catalog: Catalog, tmp_path: Path) -> None:
    """Its own runs, those of a name that it had, and those of the name before that, in a folder of a repository too."""
    ids = made(
        catalog,
        parcel(1, notebook="old.ipynb", cells=ran("ab")),
        parcel(2, notebook="sub/second.ipynb", cells=ran("abx")),
        parcel(3, notebook="sub/second.ipynb", cells=()),
        parcel(4, notebook="now.ipynb", cells=ran("c")),
    )
    found = runs_of(catalog, notebook(tmp_path / "now.ipynb"), limit=10)
    assert [run.id for run in found] == ids[::-1]
    assert len(runs_of(catalog, tmp_path / "now.ipynb", limit=2)) == 2


def test_runs_of_others_are_not_taken(catalog: Catalog, tmp_path: Path) -> None:
    """A notebook that is still there, in whatever folder of the repository, or that ran other cells keeps its runs."""
    notebook(tmp_path / "there.ipynb")
    notebook(tmp_path / "sub" / "deep.ipynb")
    made(
        catalog,
        parcel(1, notebook="there.ipynb", cells=ran("abc")),
        parcel(2, notebook="sub/deep.ipynb", cells=ran("abc")),
        parcel(3, notebook="gone.ipynb", cells=ran("axy")),
        parcel(4, notebook="", cells=ran("abc")),
    )
    assert runs_of(catalog, notebook(tmp_path / "sub" / "now.ipynb"), limit=10) == ()


def test_a_notebook_without_ids_has_no_former_names(catalog: Catalog, tmp_path: Path) -> None:
    """Nothing tells whose its cells are."""
    made(catalog, parcel(1, notebook="gone.ipynb", cells=ran("abc")))
    path = tmp_path / "now.ipynb"
    path.write_text(json.dumps({"cells": [{}]}))
    assert former_names(catalog, path) == ()
