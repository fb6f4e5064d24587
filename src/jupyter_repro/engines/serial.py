"""No engine at all: one call after the other, in this process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import Future

__all__ = ["SerialEngine"]


class SerialEngine:
    """Calls in a thread of this process: for debuggers, and to compare the others with."""

    name = "this process"
    remote = False

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="jupyter_repro serial")

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future:
        """Take a call."""
        future: Future = self._pool.submit(function, *arguments)
        return future

    def lost(self, error: BaseException) -> bool:  # noqa: ARG002 - the same for every engine
        """Return False: a call that kills its worker kills us."""
        return False

    def alone(self) -> None:
        """Return None: calls never share a worker."""

    def close(self, *, kill: bool = False) -> None:
        """Wait for the call that runs; what was not begun is dropped with ``kill``."""
        self._pool.shutdown(wait=True, cancel_futures=kill)
