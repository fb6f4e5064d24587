"""Ending an export from outside: looked at between steps, in the wait for a cell or a program, in a long copy."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING

from jupyter_repro.errors import Stopped

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

__all__ = ["go_on", "stoppable"]

_EVENT: ContextVar[threading.Event | None] = ContextVar("jupyter_repro_stop", default=None)


@contextlib.contextmanager
def stoppable(event: threading.Event | None) -> Iterator[None]:
    """Let ``event`` end what is done inside."""
    before = _EVENT.set(event)
    try:
        yield
    finally:
        _EVENT.reset(before)


def go_on() -> None:
    """Return if nobody has asked to end.

    Raises:
        Stopped: Somebody has.
    """
    event = _EVENT.get()
    if event is not None and event.is_set():
        raise Stopped("it was ended before it was done", remedy="nothing was written; start it again")
