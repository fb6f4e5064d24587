"""A thread that tells, soon after something has changed and at most so often."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ticking"]

EVERY_S = 0.2
"""At most five times a second."""
_SHARE = 10
"""Telling may take at most a tenth of the time."""


class Ticking:
    """Calls one function in a thread of its own: the last change is always told, changes in between are joined.

    Args:
        tick: What to call; it must not raise. Returns after how many seconds to call it again if nothing is
            asked for until then, None: not.
    """

    def __init__(self, tick: Callable[[], float | None]) -> None:
        self._tick = tick
        self._condition = threading.Condition()
        self._due: float | None = None
        self._earliest = 0.0
        self._thread: threading.Thread | None = None
        self._ended = False
        self._pid = os.getpid()

    def ask(self, *, in_s: float = 0.05) -> None:
        """Ask for a tick, soon."""
        with self._condition:
            if self._ended or os.getpid() != self._pid:
                return
            due = time.monotonic() + in_s
            if self._due is None or due < self._due:
                self._due = due
                self._condition.notify()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="jupyter_repro panel", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Tick no more; returns at once."""
        with self._condition:
            self._ended = True
            self._condition.notify()

    def _run(self) -> None:
        with unwatched():
            while self._wait():
                began = time.monotonic()
                again = self._tick()
                took = time.monotonic() - began
                with self._condition:
                    self._earliest = began + took + max(EVERY_S, _SHARE * took)
                if again is not None:
                    self.ask(in_s=again)

    def _wait(self) -> bool:
        """Wait for the moment; return whether to go on."""
        with self._condition:
            while not self._ended:
                if self._due is None:
                    self._condition.wait()
                    continue
                left = max(self._due, self._earliest) - time.monotonic()
                if left <= 0:
                    self._due = None
                    return True
                self._condition.wait(left)
            return False


__all__ += ["EVERY_S"]
