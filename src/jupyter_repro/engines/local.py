"""Processes of this machine, with loky: clean ones, and a dying one is noticed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .engine import Future

__all__ = ["LocalEngine"]


class LocalEngine:
    """Worker processes, started when they are first needed.

    Args:
        jobs: How many; None takes one a core.
        environ: Variables that they begin with beside ours.
    """

    remote = False

    def __init__(self, jobs: int | None = None, environ: Mapping[str, str] | None = None) -> None:
        from loky import ProcessPoolExecutor

        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        self.jobs = jobs or cores or 1
        self.name = f"{self.jobs} processes" if self.jobs != 1 else "1 process"
        self._pool = ProcessPoolExecutor(max_workers=self.jobs, env=dict(environ or {}))
        self._environ = environ

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call."""
        future: Future = self._pool.submit(function, *arguments)
        return future

    def lost(self, error: BaseException) -> bool:
        """Return whether a worker died: the whole pool is of no use then."""
        from concurrent.futures import BrokenExecutor

        return isinstance(error, BrokenExecutor)

    def alone(self) -> LocalEngine:
        """Return an engine of one process, so that a call that kills it harms no other."""
        return LocalEngine(1, self._environ)

    def close(self, *, kill: bool = False) -> None:
        """End the processes."""
        self._pool.shutdown(wait=True, kill_workers=kill)
