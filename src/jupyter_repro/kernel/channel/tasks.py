"""From a request to a job: what is looked at first, what the program is told, what is done when it has ended."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadBundle
from jupyter_repro.kernel.exporting import record_export, refuse_unsaved
from jupyter_repro.records import SeedPlan

from .jobs import JobResult
from .limits import capped
from .requests import Export, Prove, Verify
from .wishes import wish_of
from .worker_process import WorkerProcess

if TYPE_CHECKING:
    from jupyter_repro.kernel.session import Session

    from .jobs import Job
    from .work import Work
    from .worker_process import Told

__all__ = ["start"]


def start(session: Session, work: Work, request: Export | Prove | Verify) -> Job:
    """Start what is asked for in the background.

    Raises:
        ReproError: It cannot be done now.
    """
    if isinstance(request, Export):
        return _export(session, work, request)
    if isinstance(request, Prove):
        return _prove(session, work, request)
    return _verify(session, work, request)


def _export(session: Session, work: Work, request: Export) -> Job:
    notebook = session.notebook()
    refuse_unsaved(session, notebook)
    target = _place(session, request.path)
    wish = wish_of(request)
    runs = session.ledger.runs
    task = {
        "do": "export",
        "notebook": str(notebook),
        "output": str(target),
        "plan": msgspec.to_builtins(session.plan or SeedPlan()),
        "settings": msgspec.to_builtins(session.settings()),
        "python": sys.executable,
        "wish": msgspec.to_builtins(wish),
        "durations": {run.cell: run.duration_s for run in runs if run.cell is not None},
    }

    def finish(told: Told) -> JobResult:
        durations = msgspec.convert(told.result.get("durations", {}), dict[str, float])
        said: list[str] = []
        record_export(session, target, durations, tell=said.append)
        result = _result(told, session, target)
        return msgspec.structs.replace(result, findings=(*result.findings, *said))

    return work.start("export", request.path, partial(WorkerProcess, task), finish)


def _verify(session: Session, work: Work, request: Verify) -> Job:
    bundle = _place(session, request.path)
    if not bundle.is_file():
        raise BadBundle(f"`{request.path}` is not there", remedy="choose a `.repro.zip` file")
    task = {"do": "verify", "bundle": str(bundle), "sandbox": request.sandbox, "network": request.network}

    def finish(told: Told) -> JobResult:
        return _result(told, session, bundle)

    return work.start("verify", request.path, partial(WorkerProcess, task), finish)


def _prove(session: Session, work: Work, request: Prove) -> Job:
    from jupyter_repro.shadow.proving import ProofOptions

    from .proof_job import ProofJob

    options = ProofOptions(
        plan=session.plan or SeedPlan(), profile=request.profile, cell_timeout_s=request.cell_timeout_s
    )
    proofs, name = session.proofs, session.notebook().name
    proofs.start(options)
    return work.start(
        "prove", name, partial(ProofJob, proofs), lambda told: msgspec.convert(told.result, JobResult)
    )


def _result(told: Told, session: Session, path: Path) -> JobResult:
    made = msgspec.convert(told.result, JobResult)
    folder = session.folder()
    return msgspec.structs.replace(
        made,
        path=_shown(path, folder),
        report=_shown(Path(made.report), folder) if made.report else "",
        sentence=capped(made.sentence),
        findings=tuple(capped(each) for each in made.findings[:50]),
    )


def _shown(path: Path, folder: Path) -> str:
    """Return a path as the front end can open it: from the notebook's folder, if it lies there."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _place(session: Session, path: str) -> Path:
    return session.folder() / Path(os.path.expandvars(path)).expanduser()
