"""The environment variables that this process was started with."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["initial_variable"]


def initial_variable(name: str) -> str | None:
    """Return the variable's value at process start, None if it had none or that cannot be known.

    ``os.environ`` shows what was set since as well. Linux keeps the original in ``/proc``.
    """
    try:
        block = Path("/proc/self/environ").read_bytes()
    except OSError:
        return None
    wanted = os.fsencode(name)
    for line in block.split(b"\0"):
        key, _, value = line.partition(b"=")
        if key == wanted:
            return os.fsdecode(value)
    return None
