"""A kernel that was killed has a record, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import environment

from jupyter_repro.records import CellRun, Use, Version
from jupyter_repro.records.sidecar import EnvironmentFile
from jupyter_repro.records.trackers import TrackedRun, TrackersFile
from jupyter_repro.store.catalog.adopting import adopt
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.opening import place_near
from jupyter_repro.store.journal import Journal
from jupyter_repro.store.place import journal_folder
from jupyter_repro.store.sidecar import write_sidecar
from jupyter_repro.store.tracked import write_tracked

if TYPE_CHECKING:
    from pathlib import Path


def lived(folder: Path, kernel: str = "k1", source: str = "x = 1", *, sidecar: bool = True) -> Journal:
    """Leave what a kernel leaves; the journal is still open."""
    place = journal_folder(folder).folder
    journal = Journal.open(place, kernel_id=kernel, header={"notebook": "analysis.ipynb"})
    reads = (Use("file:data.csv", Version("d1")),)
    journal.append(
        CellRun(
            order=1,
            cell=None,
            source=source,
            digest="s1",
            reads=reads,
            outputs="o",
            started=1e9,
            duration_s=2.0,
        )
    )
    if sidecar:
        write_sidecar(place, EnvironmentFile(kernel=kernel, captured=1.0, start=environment()))
    return journal


def adopted(folder: Path) -> int:
    place = place_near(folder)
    with place.open() as catalog:
        catalog.update()
        return adopt(catalog, place)


def test_its_record_says_what_is_not_known(tmp_path: Path) -> None:
    """Cells and inputs are those of the journal; it is made once, also by several at once."""
    lived(tmp_path).close()
    assert adopted(tmp_path) == 1
    assert adopted(tmp_path) == 0
    with place_near(tmp_path).open() as catalog:
        (run,) = catalog.find(Wanted())
    assert (run.kind, run.kernel, run.notebook) == ("session", "k1", "analysis.ipynb")
    assert run.made == pytest.approx(1e9 + 2)
    assert [(cell.source, cell.outputs) for cell in run.cells] == [("s1", "o")]
    assert [(each.resource, each.digest) for each in run.inputs] == [("file:data.csv", "d1")]
    assert {"verdict", "seed", "environment"} <= run.absent.keys()


@pytest.mark.parametrize(("source", "sidecar"), [("%load_ext jupyter_repro", True), ("x = 1", False)])
def test_what_gives_no_record(tmp_path: Path, source: str, sidecar: bool) -> None:  # noqa: FBT001 - a table
    """A kernel that did nothing, and one whose environment nobody knows."""
    lived(tmp_path, source=source, sidecar=sidecar).close()
    assert adopted(tmp_path) == 0


def test_a_living_kernel_is_left_alone(tmp_path: Path) -> None:
    """It will make its own."""
    journal = lived(tmp_path)
    assert adopted(tmp_path) == 0
    journal.close()
    assert adopted(tmp_path) == 1


def test_it_bears_the_name_that_trackers_were_told(tmp_path: Path) -> None:
    """And names their runs; it counts as made when the kernel ended."""
    lived(tmp_path).close()
    name = "01a20132-d1fc-7494-b77f-95036bca28d0"
    link = TrackedRun(tracker="MLflow", id="abc")
    write_tracked(journal_folder(tmp_path).folder, TrackersFile(kernel="k1", run=name, runs=(link,)))
    assert adopted(tmp_path) == 1
    with place_near(tmp_path).open() as catalog:
        run = catalog.named(name[:8])
    assert (run.id, run.trackers) == (name, (link,))
    assert run.made == pytest.approx(1e9 + 2)
