"""The runs of trackers in a status and in a panel."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from jupyter_repro.records import Status
    from jupyter_repro.records.trackers import TrackedRun

    from .session import Session

__all__ = ["tracked_now", "with_trackers"]


def tracked_now(session: Session) -> tuple[str, tuple[TrackedRun, ...]]:
    """Return the name of our run and the runs that trackers have of this kernel; empty where there is none."""
    if session.tracking is None and "hydra" not in sys.modules:
        return "", ()
    from .tracking import tracking_of

    tracking = tracking_of(session)
    runs = tracking.runs()
    return (tracking.run, runs) if runs else ("", ())


def with_trackers(session: Session, status: Status) -> Status:
    """Return a status with the runs that trackers have of this kernel."""
    run, runs = tracked_now(session)
    return msgspec.structs.replace(status, run=run, trackers=runs) if runs else status
