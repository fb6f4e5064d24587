"""What is on record of earlier runs of a notebook: the latest one, and how long its cells took."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import ReproError
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.opening import place_near

if TYPE_CHECKING:
    from jupyter_repro.records.catalog import Run

    from .notebook import Notebook

__all__ = ["durations_of", "expected_seconds", "latest_run"]

_LATEST = 5


def latest_run(notebook: Notebook) -> Run | None:
    """Return the newest record of a run of this notebook, None if there is none that can be read."""
    return next(iter(_runs(notebook)), None)


def expected_seconds(notebook: Notebook) -> dict[str, float]:
    """Return how long the cells took before, by id: as the catalog says, else as the saved notebook does."""
    found: dict[str, float] = {}
    for cell in notebook.code_cells:
        seconds = _saved_seconds(cell)
        if seconds is not None:
            found[cell["id"]] = seconds
    for run in reversed(_runs(notebook)):
        found.update(durations_of(notebook, run))
    return found


def durations_of(notebook: Notebook, run: Run) -> dict[str, float]:
    """Return how long the cells took in one run, of those that are as they were."""
    sources = {str(cell.id): cell.digest for cell in notebook.cells}
    return {
        ran.id: ran.duration_s for ran in run.cells if ran.duration_s and sources.get(ran.id) == ran.source
    }


def _runs(notebook: Notebook) -> tuple[Run, ...]:
    """Return the newest runs; an unreadable catalog is one without runs: only an estimate hangs on it."""
    place = place_near(notebook.path.resolve().parent)
    if not place.there or place.remote:
        return ()
    try:
        with place.open() as catalog:
            catalog.update()
            return catalog.find(Wanted(notebook=notebook.path.name, limit=_LATEST))
    except (ReproError, OSError):
        return ()


def _saved_seconds(cell: dict[str, Any]) -> float | None:
    """Return what JupyterLab has noted of the cell's last run, if it was told to."""
    noted = cell.get("metadata", {}).get("execution", {})
    try:
        begun = dt.datetime.fromisoformat(noted["iopub.execute_input"].replace("Z", "+00:00"))
        ended = dt.datetime.fromisoformat(noted["shell.execute_reply"].replace("Z", "+00:00"))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    return max(0.0, (ended - begun).total_seconds())
