"""Slurm, by submitit: each call is a job of its own, so it is for runs that take minutes."""

from __future__ import annotations

import concurrent.futures
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from jupyter_repro.errors import BadWord, NotInstalled, RunFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Future

__all__ = ["SlurmEngine"]

_LOOK_S = 0.5
_ASK_S = 5
_GRACE_S = 20
"""How long a result may take to be seen after its job has left the queue: folders of clusters are slow."""
_LOCAL = ("local", "debug")
_OPTIONS = {
    "time": "timeout_min",
    "cpus": "slurm_cpus_per_task",
    "mem": "slurm_mem",
    "gpus": "slurm_gpus_per_node",
    "account": "slurm_account",
}
_FOLDER = ".jupyter_repro/slurm"


class SlurmEngine:
    """Jobs of a Slurm cluster, whose nodes see this folder.

    Args:
        address: ``slurm://PARTITION?time=60&cpus=4&mem=8G&gpus=1&account=NAME``; ``slurm://local`` runs the jobs as
            processes of this machine, to try it out.
        jobs: How many run at once.

    Raises:
        NotInstalled: There is no ``submitit`` here.
        BadWord: The address has other options.
    """

    remote = False  # the folder is shared, as submitit itself needs it

    def __init__(self, address: str, jobs: int | None = None) -> None:
        try:
            import submitit
        except ImportError as error:
            raise NotInstalled(
                "Slurm needs the package submitit, which is not here", remedy="run `pip install submitit`"
            ) from error
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        unknown = [name for name in asked if name not in _OPTIONS]
        if unknown:
            raise BadWord(
                f"`{unknown[0]}` is no option of `slurm://`", remedy=f"take one of {', '.join(_OPTIONS)}"
            )
        cluster = parts.netloc if parts.netloc in _LOCAL else "slurm"
        self._executor = submitit.AutoExecutor(folder=Path(_FOLDER) / "%j", cluster=cluster)
        told: dict[str, Any] = {
            _OPTIONS[name]: int(value) if value.isdecimal() else value for name, value in asked.items()
        }
        if cluster == "slurm":
            told |= {"slurm_partition": parts.netloc} if parts.netloc else {}
        self._executor.update_parameters(**({"timeout_min": 60} | told))
        self._queue = _Queue() if cluster == "slurm" else None
        at_once = jobs if cluster == "slurm" else jobs or 2
        self._slots = threading.Semaphore(at_once) if at_once else None
        self._open: list[Any] = []
        self._closed = False
        self.name = f"jobs of {cluster}"

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call; a thread of ours looks after its job."""
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        threading.Thread(target=self._follow, args=(future, function, arguments), daemon=True).start()
        return future

    def lost(self, error: BaseException) -> bool:
        """Return False: a job that dies is told as such, and harms no other."""
        del error
        return False

    def alone(self) -> None:
        """Return None: a job has one call."""

    def close(self, *, kill: bool = False) -> None:
        """Cancel what still runs, with ``kill``."""
        self._closed = True
        for job in self._open if kill else ():
            job.cancel(check=False)

    def _follow(
        self, future: concurrent.futures.Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        if self._slots is None:
            self._run(future, function, arguments)
            return
        with self._slots:
            self._run(future, function, arguments)

    def _run(
        self, future: concurrent.futures.Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        if self._closed or not future.set_running_or_notify_cancel():
            future.cancel()
            return
        try:
            job = self._executor.submit(function, *arguments)
            self._open.append(job)
            self._wait(job)
            future.set_result(job.result())
        except Exception as error:  # noqa: BLE001 - whatever the job or Slurm raises is its outcome
            future.set_exception(error)

    def _wait(self, job: Any) -> None:
        """Return when a job has ended.

        Raises:
            RunFailed: It is no longer in the queue and has left no result: it was killed, or its node died. submitit
                would wait for ever where Slurm keeps no accounts.
        """
        gone: float | None = None
        while not (job.paths.result_pickle.exists() if self._queue else job.done()):
            time.sleep(_LOOK_S)
            if self._queue is None or self._queue.has(job.job_id) is not False:
                gone = None
            elif gone is None:
                gone = time.monotonic()
            elif time.monotonic() - gone > _GRACE_S:
                raise RunFailed(
                    f"job {job.job_id} of Slurm ended without a result", remedy=f"see `{job.paths.stderr}`"
                )


class _Queue:
    """The jobs of this user that wait or run, asked for every few seconds by one thread for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._jobs: frozenset[str] | None = None

    def has(self, job: str) -> bool | None:
        """Return whether a job is among them; None if Slurm does not say."""
        with self._lock:
            if time.monotonic() - self._asked > _ASK_S:
                self._jobs, self._asked = _queued(), time.monotonic()
            return None if self._jobs is None else job in self._jobs


def _queued() -> frozenset[str] | None:
    try:
        done = subprocess.run(
            ("squeue", "--noheader", "--format=%A", f"--user={os.getuid()}"),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(done.stdout.split())
