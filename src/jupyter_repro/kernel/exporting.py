"""``%repro export``: what the session knows goes to the bundle."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import ExportRefused, ReproError, Stopped
from jupyter_repro.records import SeedPlan

from .saved import few, unsaved

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from jupyter_repro.bundle.export import ExportOptions
    from jupyter_repro.bundle.progress import ExportEvent

    from .requests import Export
    from .session import Session

__all__ = ["export", "export_options", "record_export", "refuse_unsaved"]

INSIDE = "JUPYTER_REPRO_RUN"
"""Set by the canonical run and by the verifier: a cell that exports must not export again there."""


def export(session: Session, request: Export, *, tell: Callable[[str], None]) -> None:
    """Write the bundle of this notebook and say what is in it.

    Raises:
        NoNotebook: The front end does not tell the notebook's path.
        ExportRefused: What ran is not what the file holds, or something speaks against the bundle.
        Stopped: The kernel was interrupted.
    """
    if os.environ.get(INSIDE):
        tell("repro: export is left out in a run that export or verify has started")
        return
    notebook = session.notebook()
    line = _Line()
    options = export_options(session, request, progress=line.show)
    if request.plan:
        from jupyter_repro.bundle.plan import plan_export

        tell("\n".join(plan_export(notebook, options=options).lines()))
        return
    refuse_unsaved(session, notebook)
    from jupyter_repro.bundle.export import export as write

    try:
        exported = write(notebook, options=options)
    except KeyboardInterrupt:
        raise Stopped(
            "the export was interrupted", remedy=f"`{options.output.name}` is as it was; start it again"
        ) from None
    finally:
        line.end()
    tell(exported.sentence())
    record_export(session, exported.path, exported.durations, tell=tell)
    for sentence in exported.calibrated:
        tell(sentence)
    for finding in exported.findings:
        tell(f"{finding.code} {finding.severity}: {finding.message}; {finding.remedy}")


def export_options(
    session: Session,
    request: Export,
    *,
    progress: Callable[[ExportEvent], None] | None = None,
    stop: threading.Event | None = None,
) -> ExportOptions:
    """Return the options of an export of this notebook, with what only this kernel knows.

    Args:
        session: This kernel's.
        request: What is asked for.
        progress: Called with each event, in the thread that exports.
        stop: Set from another thread, it ends the export.
    """
    from jupyter_repro.bundle.options import as_options

    from .run_records import run_of

    notebook = session.notebook()
    target = Path(os.path.expandvars(request.path)).expanduser() if request.path else None
    if target is None:
        target = notebook.with_suffix(".repro.zip")
    run = run_of(session)
    return as_options(
        request.wish,
        output=target if target.is_absolute() else notebook.parent / target,
        plan=session.plan or SeedPlan(),
        settings=session.settings(),
        run=run,
        durations={cell.id: cell.duration_s for cell in run.cells},
        progress=progress,
        stop=stop,
    )


class _Line:
    """One line on stderr, written over at each event."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, event: ExportEvent) -> None:
        text = f"repro: {event.sentence()}"
        sys.stderr.write(f"\r{text.ljust(self._width)}")
        sys.stderr.flush()
        self._width = len(text)

    def end(self) -> None:
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()


def record_export(
    session: Session, bundle: Path, durations: Mapping[str, float], *, tell: Callable[[str], None]
) -> None:
    """Put the run that made a bundle on record; the bundle is whole also where that fails.

    Args:
        session: This kernel's.
        bundle: What was written.
        durations: Seconds that its cells took, by id.
        tell: Called with what went wrong.
    """
    from jupyter_repro.bundle.run_record import parcel_of_bundle
    from jupyter_repro.store.catalog.opening import publish

    from .run_records import place_of

    tracking = session.tracking
    try:
        parcel = parcel_of_bundle(
            bundle,
            kernel=session.kernel_id,
            notes=tuple(session.notes),
            durations=durations,
            trackers=() if tracking is None else tracking.runs(),
        )
        publish(parcel, place_of(session), tell=tell)
        if tracking is not None and parcel.run.bundle is not None:
            tracking.bundled(parcel.run.bundle.id)
    except ReproError as error:
        tell(f"repro: the bundle is written, but its run is not on record: {error}")


def refuse_unsaved(session: Session, notebook: Path) -> None:
    """The bundle is made from the file: it must hold what ran, save for the cell that exports.

    Raises:
        ExportRefused: It does not.
    """
    cells = unsaved(session, notebook)
    if cells:
        raise ExportRefused(
            f"`{notebook.name}` on disk is older than what ran ({few(cells)})",
            remedy="save the notebook and export again",
        )
