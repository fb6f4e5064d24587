"""Who made the saved outputs, where no journal tells it any more."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from jupyter_repro.digest import source_digest
from jupyter_repro.records import Package
from jupyter_repro.records.catalog import Bundled, RanCell
from jupyter_repro.store.baseline import Baseline, NoBaseline
from jupyter_repro.store.catalog.opening import place_near
from jupyter_repro.store.makers import baseline_of

HERE = str(Path(__file__).parent / "catalog")
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from making import START_NS, environment, made, parcel  # noqa: E402 - it lies there

SAVED_S = START_NS / 1e9 + 1000


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """Return a notebook with two outputs."""
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "source": source,
            "metadata": {},
            "execution_count": 1,
            "outputs": [{}],
        }
        for name, source in (("a", "x"), ("b", "y"))
    ]
    path = tmp_path / "analysis.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8"
    )
    os.utime(path, (SAVED_S, SAVED_S))
    return path


def ran(*names: str, no_ids: bool = False) -> tuple[RanCell, ...]:
    sources = {"a": "x", "b": "y"}
    return tuple(
        RanCell(
            id="source-1" if no_ids else name, label=name, source=source_digest(sources[name]), outputs="o"
        )
        for name in names
    )


def version(number: str) -> dict[str, object]:
    return {"stood_on": environment(packages=(Package(name="numpy", version=number),))}


def numpy(found: Baseline | NoBaseline) -> str:
    assert isinstance(found, Baseline)
    return found.environment.packages[0].version


def test_a_run_that_others_have_made(notebook: Path) -> None:
    """On record in the store of a team: the newest that ran the cells as they are."""
    with place_near(notebook.parent).open() as catalog:
        made(
            catalog,
            parcel(1, cells=ran("a", "b"), **version("1")),
            parcel(2, cells=ran("a", "b", no_ids=True), **version("2")),
            parcel(3, cells=(), **version("3")),
            parcel(4, cells=ran("a", "b"), notebook="other.ipynb", **version("4")),
            parcel(5, cells=ran("a", "b"), started=SAVED_S + 1, **version("5")),
        )
    found = baseline_of(notebook)
    assert numpy(found) == "2"
    assert isinstance(found, Baseline)
    assert found.covers == "all saved outputs"
    assert found.imports_known


def test_an_export_stands_in_where_nothing_else_is_on_record(notebook: Path) -> None:
    """Its outputs are not the saved ones, but its environment is the author's."""
    export = parcel(
        2, kind="export", kernel="", bundle=Bundled(id="b", name="b.zip"), cells=ran("a", "b"), **version("2")
    )
    with place_near(notebook.parent).open() as catalog:
        made(catalog, export)
        assert numpy(baseline_of(notebook)) == "2"
        made(catalog, parcel(1, cells=ran("a", "b"), **version("1")))
    assert numpy(baseline_of(notebook)) == "1"


def test_a_store_behind_a_network_is_asked_only_on_demand(notebook: Path) -> None:
    """What it cannot tell is said."""
    (notebook.parent / "pyproject.toml").write_text(
        '[tool.jupyter_repro]\nstore = "nosuch://x/y"', encoding="utf-8"
    )
    assert baseline_of(notebook, network=False) == NoBaseline("no recorded session made the saved outputs")
    found = baseline_of(notebook)
    assert isinstance(found, NoBaseline)
    assert "the run catalog could not be asked: the store `nosuch://x/y`" in found.reason


def test_a_record_without_its_environment_is_said(notebook: Path) -> None:
    """Somebody has removed the object."""
    with place_near(notebook.parent).open() as catalog:
        (run_id,) = made(catalog, parcel(1, cells=ran("a", "b")))
        catalog.store.remove(f"objects/{catalog.named(run_id).environment}.json")
    found = baseline_of(notebook)
    assert isinstance(found, NoBaseline)
    assert "ended before its environment was captured; the object " in found.reason
