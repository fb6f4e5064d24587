"""Jobs in the background: each is a program of its own, which tells how far it is, and can be ended."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

import msgspec

from jupyter_repro.errors import BadWord, ReproError

from .jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from .jobs import JobKind, JobResult
    from .worker_process import Told

    Hear = Callable[[Told], None]

    class Worker(Protocol):
        """Who does a job."""

        def start(self) -> None: ...
        def stop(self) -> None: ...


__all__ = ["Work"]

_KEPT = 10
"""Jobs that have ended and are still told of."""


class Work:
    """The jobs of one session.

    Args:
        changed: Called when a job has gone on.
        name: Of this kernel life; job ids begin with it, so that none comes twice.
    """

    def __init__(self, changed: Callable[[], None], *, name: str) -> None:
        self._changed = changed
        self._name = name
        self._lock = threading.Lock()
        self._count = 0
        self._jobs: dict[str, Job] = {}
        self._told: dict[str, Job] = {}
        """Jobs as they were told last."""
        self._processes: dict[str, Worker] = {}

    # -- facts --------------------------------------------------------------------------------------

    def all(self) -> tuple[Job, ...]:
        """Return the jobs that run and the last ones that have ended, the oldest first."""
        with self._lock:
            return tuple(self._jobs.values())

    def take_changed(self) -> tuple[Job, ...]:
        """Return the jobs that have gone on since this was last asked, each with its new rows only."""
        with self._lock:
            changed = []
            for name, job in self._jobs.items():
                before = self._told.get(name)
                if before != job:
                    known = () if before is None else before.rows
                    rows = tuple(row for row in job.rows if row not in known)
                    changed.append(msgspec.structs.replace(job, rows=rows))
            self._told = dict(self._jobs)
            return tuple(changed)

    # -- life ---------------------------------------------------------------------------------------

    def start(
        self, kind: JobKind, about: str, make: Callable[[Hear], Worker], finish: Callable[[Told], JobResult]
    ) -> Job:
        """Start a job.

        Args:
            kind: What it does.
            about: The file that it is about.
            make: Makes who does it, and tells how far it is.
            finish: Called in a thread when it has ended well, with its last words; returns what was made.

        Raises:
            BadWord: One of this kind is at work.
        """
        with self._lock:
            if any(job.kind == kind and job.ended is None for job in self._jobs.values()):
                raise BadWord(f"another {kind} is at work", remedy="wait for it, or cancel it")
            self._count += 1
            job = Job(
                id=f"{self._name}-{self._count}",
                kind=kind,
                state="running",
                about=about,
                started=time.time(),
                step="starting",
            )
            self._jobs[job.id] = job
            self._forget_old()
            process = self._processes[job.id] = make(lambda told: self._heard(job.id, told, finish))
        process.start()
        self._changed()
        return job

    def cancel(self, name: str) -> Job:
        """Ask a job to end; return it.

        Raises:
            BadWord: There is none of this name.
        """
        with self._lock:
            job = self._jobs.get(name)
            process = self._processes.get(name)
            if job is None:
                raise BadWord(f"there is no job `{name}`", remedy="it has ended long ago")
            if job.ended is None and process is not None:
                job = self._jobs[name] = msgspec.structs.replace(job, state="cancelling", step="ending")
        if process is not None:
            process.stop()
        self._changed()
        return job

    def close(self) -> None:
        """End all jobs."""
        with self._lock:
            processes = tuple(self._processes.values())
        for process in processes:
            process.stop()

    def _heard(self, name: str, told: Told, finish: Callable[[Told], JobResult]) -> None:
        """Take what the program of a job tells; runs in the thread that reads it."""
        if told.kind == "end" and told.error is None:
            self._end(name, **self._finished(told, finish))
        elif told.kind == "end" and told.error is not None:
            cancelled = self._jobs[name].state == "cancelling"
            self._end(
                name,
                state="cancelled" if cancelled else "failed",
                message="" if cancelled else told.error,
                remedy="" if cancelled else told.remedy,
                refused=() if cancelled else told.refused,
            )
        else:
            with self._lock:
                self._jobs[name] = _gone_on(self._jobs[name], told)
        self._changed()

    def _finished(self, told: Told, finish: Callable[[Told], JobResult]) -> dict[str, object]:
        try:
            return {"state": "done", "result": finish(told)}
        except ReproError as error:
            return {"state": "failed", "message": error.message, "remedy": error.remedy}
        except Exception as error:  # noqa: BLE001 - a job that has ended must be told, whatever went wrong after it
            return {
                "state": "failed",
                "message": f"{type(error).__name__}: {error}",
                "remedy": "report it with what you did",
            }

    def _end(self, name: str, **changes: object) -> None:
        with self._lock:
            job = self._jobs[name]
            self._jobs[name] = msgspec.structs.replace(
                job, ended=time.time(), step="", cell=None, estimate_s=None, **changes
            )
            self._processes.pop(name, None)

    def _forget_old(self) -> None:
        over = [name for name, job in self._jobs.items() if job.ended is not None]
        for name in over[:-_KEPT]:
            del self._jobs[name]


def _gone_on(job: Job, told: Told) -> Job:
    """Return the job as it is after what was told: what is not named stays as it was."""
    if told.kind == "rows":
        rows = {(row.cell, row.label): row for row in (*job.rows, *told.rows)}
        return msgspec.structs.replace(job, rows=tuple(rows.values()))
    named: dict[str, object] = {"step": told.step, "number": told.number, "of": told.of, "cells": told.cells}
    changes = {name: value for name, value in named.items() if value is not None}
    changes |= {"cell": told.cell, "estimate_s": told.estimate_s}
    if job.state == "cancelling":
        changes.pop("step", None)
    return msgspec.structs.replace(job, **changes)
