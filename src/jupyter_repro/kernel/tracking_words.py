"""``%repro trackers``: which runs of other tools belong to this one, and what they call the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.reports.trackers_text import trackers_text

from .tracked_data import data_revisions
from .tracking import tracking_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .requests import ShowTrackers
    from .session import Session

__all__ = ["show_trackers"]


def show_trackers(session: Session, request: ShowTrackers, *, tell: Callable[[str], None]) -> None:
    """Show the links; large inputs are read, and told to the runs that are open."""
    tracking = tracking_of(session)
    tracking.catch_up()
    runs = tracking.runs()
    with unwatched():
        data = data_revisions(session, in_all=None)
    if request.json:
        facts = {"schema": 1, "run": tracking.run, "trackers": to_builtins(runs), "data": to_builtins(data)}
        tell(dumps(facts, indent=2).decode().rstrip())
    else:
        tell(trackers_text(tracking.run, runs, data))
