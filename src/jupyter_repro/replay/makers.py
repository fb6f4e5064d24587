"""Runs that made the same: one source, fed the same, twice.

A value that cannot be looked inside is told apart by the run that made it. A second run of the same source
on the same inputs makes it anew, but not otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Version

if TYPE_CHECKING:
    from jupyter_repro.records import CellRun

__all__ = ["Makers"]


class Makers:
    """The first of all runs that made the same, for each run."""

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._known: dict[object, int] = {}

    def add(self, run: CellRun) -> None:
        """Take a run that ended after all others."""
        if not run.effects and run.ended == "ok":
            key = (run.digest, tuple((use.resource, self._key(use.version)) for use in run.reads))
            self._first[run.order] = self._known.setdefault(key, run.order)

    def first(self, order: int) -> int:
        """Return the first run that made the same as this one."""
        return self._first.get(order, order)

    def plain(self, version: Version) -> Version:
        """Return the version as if the first such runs had made it."""
        order = self.first(version.order)
        touched = tuple(self.first(run) for run in version.touched)
        if order == version.order and touched == version.touched:
            return version
        return Version(version.digest, order, touched, version.why_unknown)

    def _key(self, version: Version) -> object:
        if version.digest is not None:
            return version.digest
        return (self.first(version.order), *(self.first(run) for run in version.touched))
