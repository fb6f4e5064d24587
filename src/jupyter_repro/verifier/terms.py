"""Under which terms a stranger's code runs: its isolation, and what it may use."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .limits import Limits
from .watch import Ceiling, memory_is_seen, total_memory

if TYPE_CHECKING:
    from .sandbox import Isolation

__all__ = ["Allowance", "Terms"]

_USUAL_S = 4 * 3600.0
_START_S = 180.0
"""What a kernel and its driver may take beside the notebook's own time."""


@dataclasses.dataclass(frozen=True)
class Allowance:
    """What the whole run may use; None sets no limit unless it says otherwise."""

    cell_timeout_s: float | None = None
    total_timeout_s: float | None = _USUAL_S
    memory_bytes: int | None = None
    """None: nine tenths of what this machine has."""
    disk_bytes: int | None = 20 << 30
    files: int | None = 500_000
    processes: int | None = None
    """Processes and threads. None: plenty for this machine."""

    @property
    def most_memory(self) -> int | None:
        """Return the bytes of memory that all processes may hold together; None where the machine does not tell."""
        whole = total_memory()
        return self.memory_bytes or (None if whole is None else whole // 10 * 9)

    @property
    def most_processes(self) -> int:
        """Return how many processes and threads there may be."""
        return self.processes or 1024 + 32 * (os.cpu_count() or 1)

    def in_force(self, *, own_user: bool) -> dict[str, float | int]:
        """Return the limits that hold on this machine, by name.

        Memory is watched where the system shows processes as files; no limit on processes holds for root, and Windows
        has none.

        Args:
            own_user: The code runs as a user of its own, whoever the reader is.
        """
        counted = os.name == "posix" and (own_user or os.geteuid() != 0)
        limits = {
            "cell_seconds": self.cell_timeout_s,
            "seconds": self.total_timeout_s,
            "memory_bytes": self.most_memory if memory_is_seen() else None,
            "disk_bytes": self.disk_bytes,
            "files": self.files,
            "processes": self.most_processes if counted else None,
        }
        return {name: value for name, value in limits.items() if value is not None}

    def of_cells(self) -> Limits:
        """Return what the driver of the kernel looks after."""
        return Limits(
            self.cell_timeout_s, self.total_timeout_s, self.memory_bytes, self.disk_bytes, self.most_processes
        )

    def of_processes(self, *, own_user: bool) -> dict[str, int]:
        """Return what the system enforces on each process, by name of ``RLIMIT_*``.

        Args:
            own_user: The code runs as a user of its own; otherwise the system counts the reader's processes, too.
        """
        limits = {"CORE": 0, "NPROC": self.most_processes + (0 if own_user else _running())}
        return limits if self.disk_bytes is None else {**limits, "FSIZE": self.disk_bytes}

    def of_all(self) -> Ceiling:
        """Return what is watched from outside, for all processes together."""
        seconds = None if self.total_timeout_s is None else self.total_timeout_s + _START_S
        return Ceiling(seconds, self.most_memory, self.disk_bytes, self.files)


@dataclasses.dataclass(frozen=True)
class Terms:
    """Under which terms a stranger's code runs."""

    isolation: Isolation
    allowance: Allowance = dataclasses.field(default_factory=Allowance)

    def to_json(self) -> dict[str, Any]:
        """Return them for the report."""
        isolation = self.isolation.to_json()
        return {**isolation, "limits": self.allowance.in_force(own_user=isolation["own_user"])}


def _running() -> int:
    """Return how many processes and threads the reader has."""
    count = 0
    with contextlib.suppress(OSError, AttributeError):
        user = os.getuid()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if process.stat().st_uid == user:
                    count += sum(1 for _ in (process / "task").iterdir())
    return count
