"""What is to be done when the kernel ends, while threads and programs can still be started.

An ``atexit`` function can start neither from Python 3.12 on. A thread that waits for the main thread can: the
interpreter ends only when that thread has.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from typing import TYPE_CHECKING

from jupyter_repro.inputs.audit import unwatched

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["at_end", "not_at_end"]

_lock = threading.Lock()
_calls: list[Callable[[], None]] = []
_waiting_in = 0
"""The process whose end is waited for."""


def at_end(call: Callable[[], None]) -> None:
    """Call it once when the main thread has ended; what it raises is lost, since nobody is there to read it."""
    global _waiting_in  # noqa: PLW0603 - one thread for the process
    with _lock:
        _calls.append(call)
        if _waiting_in == os.getpid():
            return
        _waiting_in = os.getpid()
    # it cannot be imported any more once the main thread has ended, and what is to be done then may need it
    importlib.import_module("concurrent.futures.thread")
    threading.Thread(target=_wait, name="jupyter_repro end", daemon=False).start()


def not_at_end(call: Callable[[], None]) -> None:
    """Call it no more."""
    with _lock:
        _calls[:] = [each for each in _calls if each != call]


def _wait() -> None:
    threading.main_thread().join()
    with unwatched():
        for call in tuple(_calls):
            # the kernel is ending: there is no cell and no log to say in what went wrong
            with contextlib.suppress(Exception):
                call()
