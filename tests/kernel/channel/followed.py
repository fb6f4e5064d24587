"""Jobs, and what was told of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from jupyter_repro.kernel.channel.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.kernel.channel.jobs import Job

__all__ = ["Followed"]


class Followed:
    """The jobs of one session, as a client hears of them."""

    def __init__(self) -> None:
        self.told: list[Job] = []
        self._changed = threading.Condition()
        self.work = Work(self._hear, name="life")

    def _hear(self) -> None:
        with self._changed:
            self.told += self.work.take_changed()
            self._changed.notify_all()

    def until(self, found: Callable[[Job], object]) -> Job:
        """Wait until a job has been told of which this is true."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(found, self.told)), timeout=60)
        return next(job for job in self.told if found(job))

    def end(self) -> Job:
        """Return the job as it ended."""
        return self.until(lambda job: job.ended is not None)
