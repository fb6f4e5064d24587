"""Cell runs as they happen, and the version of every resource now.

What a run read and wrote is observed at its two ends (:mod:`.run_begins`, :mod:`.run_ends`), which are loaded
with the first cell: loading the extension does not wait for them. User code is neither rewritten nor traced.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records import ABSENT, CellRun, Use, Version

from .bindings import Bindings
from .links import Links
from .runs import Runs
from .versions import MISSING, UNSEEDED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_repro.digest.values import Budget

    from .open_run import After, Before, OpenRun

__all__ = ["ASSIGNED", "BUDGET_MS", "BUILTINS", "Ledger", "budget_of"]

BUDGET_MS = 50.0

ASSIGNED = "a module whose attributes a cell assigned"

BUILTINS = frozenset(vars(builtins))
"""What was built in before any cell ran."""


class Ledger:
    """The cell runs of one kernel life, and the version of every resource now.

    Args:
        hidden: Name -> whether it belongs to the shell and not to the user, for every name.
    """

    def __init__(self, *, hidden: Mapping[str, bool]) -> None:
        self.hidden = hidden
        self.budget_ms = BUDGET_MS
        """What looking at values may cost before a run, and again after it, roughly."""
        self.runs = Runs()
        self.live: dict[str, Version] = {}
        self.base: dict[str, Version] = {}
        """What a fresh kernel under the same configuration starts with."""
        self.bindings = Bindings(hidden)
        self.bound: dict[str, Any] | None = None
        """The user's names as the last run left them; None while a run is open, to keep nothing alive."""
        self.links = Links()
        self.assigned_modules: dict[int, Any] = {}
        """Modules whose attributes a cell assigned: their name and file no longer tell their content."""
        self.namespace: Mapping[str, Any] = {}
        """The globals of the user's functions."""
        self._next = 1
        self._amended: list[CellRun] = []
        self._seeding_order: int | None = None
        self._seeded: dict[str, tuple[int, str]] = {}
        """Streams whose seeding is on the record: the run that it counts as, and the state."""
        self._open: Callable[..., OpenRun] | None = None
        self._close: Callable[..., CellRun] | None = None
        """The two ends of a run, once they are loaded."""
        self._content: Callable[[Any, Budget], str | None] | None = None

    # -- names that we did not see being made -------------------------------------------------------

    def resync(self, namespace: Mapping[str, Any], reason: str) -> None:
        """Take note of names that changed while nothing was recorded."""
        self.namespace = namespace
        if self.bound is not None:
            self.take_note(namespace, self.bound, reason)
            return
        self.bound = self.bindings.all(namespace)
        if self.bound:
            budget = budget_of(self.budget_ms)
            for name, value in self.bound.items():
                digest = self.digest(value, budget)
                if digest is None or digest != self.live.get(f"name:{name}", MISSING).digest:
                    self.live[f"name:{name}"] = Version(digest, 0, (), reason)
        for resource in self.live:
            if resource.startswith("name:") and resource[5:] not in self.bound:
                self.live[resource] = MISSING

    def take_note(self, namespace: Mapping[str, Any], bound: dict[str, Any], reason: str) -> None:
        """Bring ``bound`` up to date; nobody knows who made what is new in it."""
        moved = self.bindings.moved(namespace, bound, turn=self.bindings.turn)
        if moved.bound:
            budget = budget_of(self.budget_ms)
            for name in sorted(moved.bound):
                bound[name] = namespace[name]
                self.live[f"name:{name}"] = Version(self.digest(bound[name], budget), 0, (), reason)
        for name in moved.gone:
            bound.pop(name, None)
            if self.live.get(f"name:{name}", MISSING).digest != ABSENT:
                self.live[f"name:{name}"] = MISSING

    # -- one run ------------------------------------------------------------------------------------

    def begin(self, before: Before, namespace: Mapping[str, Any], *, parent: int | None = None) -> OpenRun:
        """Open a cell run: note the versions of what it may read."""
        if self._open is None:
            from .run_begins import open_run

            self._open = open_run
        self.namespace = namespace
        order, self._next = self._next, self._next + 1
        return self._open(self, before, namespace, order=order, parent=parent)

    def end(self, run: OpenRun, after: After, namespace: Mapping[str, Any]) -> CellRun:
        """Close a cell run: note what it changed, and keep its record."""
        if self._close is None:
            from .run_ends import close_run

            self._close = close_run
        self.namespace = namespace
        done = self._close(self, run, after, namespace)
        if after.reseeded:
            self._seeding_order = run.order
        self.runs.append(done)
        return done

    def imported(self, full: str) -> str | None:
        """Return the digest of what an import of this full name gives; None where it is not known without one."""
        from .patched import of_import

        found = of_import(full)
        return None if found is None else self.digest(found[0], budget_of(1))

    def digest(self, value: Any, budget: Budget) -> str | None:
        """Return the digest of a value as it is now; None if it is not looked inside, as the budget tells."""
        if self.assigned_modules and id(value) in self.assigned_modules:
            budget.why = ASSIGNED
            return None
        if self._content is None:
            self._content = self._look_inside()
        return self._content(value, budget)

    def _look_inside(self) -> Callable[[Any, Budget], str | None]:
        """Return what digests values; digests are loaded with the first value."""
        from jupyter_repro.digest.known_frames import KnownFrames
        from jupyter_repro.digest.values import quick_digest, value_digest

        frames = KnownFrames()

        def look_inside(value: Any, budget: Budget) -> str | None:
            return quick_digest(value, budget) or frames.digest(
                value, budget, lambda: value_digest(value, budget=budget, namespace=self.namespace)
            )

        return look_inside

    # -- random number generators -------------------------------------------------------------------

    def seeded_at_import(self, stream: str, digest: str) -> None:
        """A library came later and was seeded then: as if ``%repro`` had seeded it at its own run."""
        order = self._seeding_order
        resource = f"rng:{stream}"
        if order is None:
            return
        if self._seeded.get(stream) == (order, digest):
            return
        self._seeded[stream] = (order, digest)
        version = Version(digest, order)
        self.live.setdefault(resource, version)
        if order == 0:
            self.base[resource] = version
            return
        for index, run in enumerate(self.runs):
            if run.order == order and all(use.resource != resource for use in run.writes):
                self.runs.amend(index, _with_write(run, Use(resource, version)))
                self._amended.append(self.runs[index])

    def take_amended(self) -> list[CellRun]:
        """Return runs whose record has grown since the last call; the journal takes them again."""
        amended, self._amended = self._amended, []
        return amended

    def seeded_before_cells(self, digests: Mapping[str, str]) -> None:
        """The configuration seeds before the first cell: a fresh kernel starts with these states."""
        self._seeding_order = 0
        self._seeded.clear()
        for stream, digest in digests.items():
            self.base[f"rng:{stream}"] = self.live[f"rng:{stream}"] = Version(digest, 0)

    def unseeded(self) -> None:
        """``%repro off``: from now on no seed stands behind a library that is imported later."""
        self._seeding_order = None
        self._seeded.clear()
        for resource in [r for r in self.live if r.startswith("rng:")]:
            self.live[resource] = UNSEEDED


def budget_of(milliseconds: float) -> Budget:
    """Return what can be looked at in that time: counted, not timed, so that the load decides nothing."""
    from jupyter_repro.digest.values import Budget

    return Budget(bytes=int(milliseconds * 80_000), items=int(milliseconds * 100))


def _with_write(run: CellRun, use: Use) -> CellRun:
    return msgspec.structs.replace(run, writes=(*run.writes, use))
