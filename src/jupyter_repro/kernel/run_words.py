"""``%repro runs``: the last runs of this notebook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.store.catalog.former import runs_of
from jupyter_repro.store.catalog.index import Wanted
from jupyter_repro.store.catalog.refreshing import refresh

from .run_records import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .requests import ShowRuns
    from .session import Session

__all__ = ["show_runs"]


def show_runs(session: Session, request: ShowRuns, *, tell: Callable[[str], None]) -> None:
    """Show the last runs of the notebook, or of all notebooks in its store."""
    from jupyter_repro.reports.runs_text import runs_text

    path = session.path()
    with unwatched():
        place = place_of(session)
        with place.open() as catalog:
            told = refresh(catalog, place)
            if request.everywhere or path is None:
                runs = catalog.find(Wanted(limit=request.limit))
            else:
                runs = runs_of(catalog, path, limit=request.limit)
    if request.json:
        tell(json.dumps([run.to_json() for run in runs], indent=2, ensure_ascii=False))
        return
    tell(runs_text(runs, warnings=told))
