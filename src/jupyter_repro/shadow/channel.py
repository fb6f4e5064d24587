"""How a process of ours is asked and heard: its stdout is for what it tells, and it ends when its stdin does."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["end_with_stdin", "teller"]


def end_with_stdin() -> None:
    """End this process when nobody is left to hear it, or when it is told to."""
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_wait_for_end, daemon=True).start()


def teller() -> Callable[[Any], None]:
    """Keep stdout for what is told: a library may print."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(said: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            channel.write(msgspec.json.encode(said) + b"\n")

    return tell


def _end(_signal: int, _frame: Any) -> NoReturn:
    raise SystemExit(130)


def _wait_for_end() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
