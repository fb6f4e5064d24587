"""What a sweep runs: a function or a notebook, seen from the one that hands out the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.sweeps import SweepPoint

    from .calling import Ran

__all__ = ["Subject"]


class Subject(Protocol):
    """Something that can be run under many seeds."""

    name: str
    """For people."""
    root: int
    root_from: str
    digest: str | None
    """Of all that it says; None where that cannot be told, so that no result is kept."""
    params: dict[str, str]
    """Parameters that were given, for people."""

    @property
    def call(self) -> Callable[[Any], Ran]:
        """Return what runs one task, wherever it is; importable there."""

    def task(self, point: SweepPoint, *, remote: bool) -> Any:
        """Return what a worker needs for one run."""

    def close(self) -> None:
        """Remove what was written for the workers."""
