"""What must happen between cells, in the thread that runs them: RNG states and thread counts are asked for there."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MainThread"]


class MainThread:
    """Does things between cells, at once if it can.

    Args:
        shell: The kernel's shell.
        busy: Whether a cell runs.
        thread: That runs cells.
    """

    def __init__(self, shell: Any, busy: Callable[[], bool], *, thread: int) -> None:
        self._shell = shell
        self._busy = busy
        self._thread = thread
        self._waiting: deque[Callable[[], None]] = deque()

    def here(self) -> bool:
        """Tell whether this is the thread."""
        return threading.get_ident() == self._thread

    def do(self, call: Callable[[], None], *, wait_s: float = 0.0) -> bool:
        """Call it between cells; it must not raise. Return whether that has happened.

        Args:
            call: What to do.
            wait_s: How long to wait for it, where this is another thread.
        """
        if self.here() and not self._busy():
            call()
            return True
        done = threading.Event()

        def noted() -> None:
            call()
            done.set()

        self._waiting.append(noted)
        self._wake()
        if not self.here() and wait_s and not self._busy():
            done.wait(wait_s)
        return done.is_set()

    def between_cells(self) -> None:
        """Do what waits; called where a cell has ended, and by the loop of an idle kernel."""
        while self._waiting and not self._busy() and self.here():
            self._waiting.popleft()()

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()

    def _wake(self) -> None:
        loop = getattr(getattr(self._shell, "kernel", None), "io_loop", None)
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the kernel ends
                loop.add_callback(self.between_cells)
