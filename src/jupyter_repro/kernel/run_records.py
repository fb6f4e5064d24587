"""Records of this kernel for the run catalog: at its end, and whenever the user says so."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.root import git_root
from jupyter_repro.records.catalog import RunKind, RunNote
from jupyter_repro.secrets import redact
from jupyter_repro.store.catalog.building import Told, cells_of, does_something, inputs_of, parcel_of
from jupyter_repro.store.catalog.opening import Place, keep_for_later, place_near, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_repro.records import Environment
    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.trackers import DataRevision, TrackedRun
    from jupyter_repro.store.catalog.catalog import Parcel

    from .requests import Note
    from .session import Session

__all__ = ["note", "place_of", "record_end", "record_now", "run_of", "told_path"]


def place_of(session: Session) -> Place:
    """Return where the runs of a session are kept.

    Raises:
        BadSettings: The project's settings cannot be read.
    """
    return place_near(session.folder(), otherwise=session.store_told)


def note(session: Session, request: Note, *, tell: Callable[[str], None]) -> None:
    """Put a reason into the decision log, with a record of this moment; without a reason it is a snapshot."""
    if request.text:
        running = session.running_run()
        cell = None if running is None else running.before.cell
        session.notes.append(RunNote(text=request.text, at=time.time(), cell=cell))
    run_id = record_now(session, "note" if request.text else "snapshot", tell=tell)
    tell(f"repro: run {run_id} is on record; `%repro runs` lists them")


def record_now(session: Session, kind: RunKind, *, tell: Callable[[str], None]) -> str:
    """Publish a record of this moment; return its name.

    Raises:
        BadSettings: The store is not understood.
        StorageFailed: It cannot even be kept on this machine.
    """
    parcel = _parcel(session, kind, session.environment())
    with unwatched():
        publish(parcel, place_of(session), tell=tell)
    return parcel.run.id


def record_end(session: Session, environment: Environment) -> None:
    """Publish the record of a kernel that has ended; to a store behind a network a process of its own brings it.

    The interpreter, which is ending, lends no threads to what talks to a network.
    """
    if not does_something(session.ledger.runs):
        return
    parcel = _parcel(session, "session", environment)
    place = place_of(session)
    if not place.remote:
        with place.open() as catalog:
            catalog.publish(parcel)
        return
    keep_for_later(parcel, place.folder)
    subprocess.Popen(
        [sys.executable, "-m", "jupyter_repro.store.catalog", str(place.folder), place.told],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def run_of(session: Session) -> Run:
    """Return the record of this moment, not published: what ran, how long it took, what it read."""
    return _parcel(session, "snapshot", session.environment()).run


def _parcel(session: Session, kind: RunKind, environment: Environment) -> Parcel:
    document = session.document()
    status = session.status(document, environment=False)
    runs = tuple(session.ledger.runs)
    path = session.path()
    verdicts = {str(cell.id): cell.verdict for cell in status.cells}
    trackers, data, absent = _tracked(session)
    promised = session.tracking.run if session.tracking is not None and kind == "session" else ""
    return parcel_of(
        Told(
            kind=kind,
            kernel=session.kernel_id,
            notebook="" if path is None else told_path(path),
            started=min((run.started for run in runs), default=None),
            seed=status.governed,
            settings=status.settings,
            inputs=inputs_of(runs),
            cells=cells_of(runs, document, verdicts),
            verdict=status.verdict,
            headline=status.headline,
            notes=tuple(session.notes),
            checkpoints=tuple(session.checkpoints),
            trackers=trackers,
            data=data,
            absent=absent,
        ),
        environment,
        run_id=promised or None,
        made=time.time() if promised else None,
    )


def _tracked(
    session: Session,
) -> tuple[tuple[TrackedRun, ...], tuple[DataRevision, ...] | None, dict[str, str]]:
    """Return runs of trackers and what other tools call the data; a fault in other people's tools costs no record."""
    from .tracked_data import data_revisions, hydra_jobs

    try:
        runs = hydra_jobs(session) if session.tracking is None else session.tracking.runs()
        with unwatched():
            return runs, data_revisions(session), {}
    except Exception as error:  # noqa: BLE001 - as above
        why = f"it could not be found out: {type(error).__name__}: {redact(str(error))[:200]}"
        return (), None, {"data": why}


def told_path(notebook: Path) -> str:
    """Return the path from the top of the repository, else the name: where else it lies is nobody's business."""
    top = git_root(notebook.parent)
    return notebook.name if top is None else notebook.relative_to(top).as_posix()
