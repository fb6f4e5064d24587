"""The limits of one run, and what a cell's error tells about them."""

from __future__ import annotations

import dataclasses
import errno

__all__ = ["Limits", "reached"]


@dataclasses.dataclass(frozen=True)
class Limits:
    """What the run may use; None sets no limit."""

    cell_timeout_s: float | None = None
    total_timeout_s: float | None = None
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    """Largest file; whoever starts us has set it for all our processes."""
    processes: int | None = None
    """Processes and threads; set as the one above."""


def reached(error: str, limits: Limits) -> str | None:
    """Return which limit an error of a cell speaks of, and the option that gives more."""
    if limits.memory_bytes is not None and error.startswith("MemoryError"):
        return "the memory limit was reached; give it more with --memory-limit"
    if limits.disk_bytes is not None and error.startswith(f"OSError: [Errno {errno.EFBIG}]"):
        return "a file grew past the limit; give it more with --disk-limit"
    if limits.processes is not None and error.startswith(
        (f"BlockingIOError: [Errno {errno.EAGAIN}]", "RuntimeError: can't start new thread")
    ):
        return "the limit on processes was reached; give it more with --process-limit"
    return None
