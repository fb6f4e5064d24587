"""The notebook file, as it is on disk and joined with what ran since it was saved."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadNotebook
from jupyter_repro.kernel.document import NotebookFile
from jupyter_repro.records import CellId, CellRun

if TYPE_CHECKING:
    from pathlib import Path

SAVED_S = 1_700_000_000


def save(path: Path, *, at_s: int = SAVED_S, **cells: str) -> None:
    """Write a notebook with these cells, as saved at that moment."""
    nodes = [
        {"cell_type": "code", "id": name, "source": source, "metadata": {}} for name, source in cells.items()
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": nodes}))
    os.utime(path, (at_s, at_s))


def ran(cell: str, source: str, *, after_s: float, order: int = 1, took_s: float = 0.1) -> CellRun:
    """Return a run that began so long after the save."""
    return CellRun(
        order=order,
        cell=CellId(cell),
        source=source,
        digest=source_digest(source),
        started=SAVED_S + after_s,
        duration_s=took_s,
    )


def test_a_cell_stands_where_the_last_save_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are those of the file now; of one that is damaged or gone, those it had."""
    monkeypatch.setattr("jupyter_repro.kernel.document._LOOK_EVERY_S", -1.0)
    path = tmp_path / "n.ipynb"
    save(path, a="1", b="2")
    file = NotebookFile(path)
    assert [file.position(CellId(name)) for name in ("a", "b", "c")] == [0, 1, None]
    save(path, at_s=SAVED_S + 5, b="2", c="3", a="1")
    assert [file.position(CellId(name)) for name in ("a", "b", "c")] == [2, 0, 1]
    path.write_text("{ damaged")
    assert file.position(CellId("a")) == 2
    path.unlink()
    assert file.position(CellId("a")) == 2
    assert file.position(None) is None
    with pytest.raises(BadNotebook, match="cannot read"):
        file.document([])


def test_the_disk_is_not_asked_at_each_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a fifth of a second a cell stands where it stood; who asks for the document gets it as it is."""
    path = tmp_path / "n.ipynb"
    save(path, a="1", b="2")
    file = NotebookFile(path)
    now = [100.0]
    monkeypatch.setattr("jupyter_repro.kernel.document.time.monotonic", lambda: now[0])
    assert file.position(CellId("b")) == 1
    save(path, at_s=SAVED_S + 5, b="2", a="1")
    assert file.position(CellId("b")) == 1
    now[0] += 0.3
    assert file.position(CellId("b")) == 0
    save(path, at_s=SAVED_S + 9, c="3", b="2")
    assert [cell.id for cell in file.document([]).cells] == ["c", "b"]
    assert file.position(CellId("b")) == 1


def test_what_ran_since_the_save_is_newer_than_the_file(tmp_path: Path) -> None:
    """A source that ran after the save takes the place of the saved one; what ran before it does not."""
    path = tmp_path / "n.ipynb"
    save(path, a="old", b="2")
    file = NotebookFile(path)
    before, after = ran("a", "first", after_s=-9), ran("a", "new", after_s=9, order=2)
    assert [cell.source for cell in file.document([before]).cells] == ["old", "2"]
    assert [cell.source for cell in file.document([before, after]).cells] == ["new", "2"]
    save(path, at_s=SAVED_S + 20, a="newest", b="2")
    assert [cell.source for cell in file.document([before, after]).cells] == ["newest", "2"]


def test_a_long_run_beside_it_hides_no_newer_one(tmp_path: Path) -> None:
    """Where cells overlap (subshells), one that began before the save may end after one that began later."""
    path = tmp_path / "n.ipynb"
    save(path, a="old", b="2")
    short = ran("a", "new", after_s=5)
    long = ran("b", "2", after_s=-5, took_s=30, order=2)
    assert [cell.source for cell in NotebookFile(path).document([short, long]).cells] == ["new", "2"]


def test_a_run_inside_another_is_no_cell_of_its_own(tmp_path: Path) -> None:
    """What a cell runs through `run_cell` is not what the notebook has to say."""
    path = tmp_path / "n.ipynb"
    save(path, a="old")
    inner = CellRun(order=2, cell=CellId("a"), source="x", digest="x", parent=1, started=SAVED_S + 5.0)
    assert [cell.source for cell in NotebookFile(path).document([inner]).cells] == ["old"]
