"""The state that Restart & Run All would have at one point of the document."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import ABSENT, Version

from .links import Links
from .versions import MISSING, UNSEEDED, Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from jupyter_repro.records import CellRun

    from .given import Given
    from .names import Names

__all__ = ["Imaginary", "functions_of"]

Functions = dict[str, tuple[frozenset[str], frozenset[str]]]
"""Function -> (globals that a call may change, names that it uses)."""


_SETTINGS = ("setting:", "env:")


def functions_of(sources: Iterable[Names]) -> Functions:
    """Join what the functions of all cells do, by their text; equal names are joined."""
    found: Functions = {}
    for names in sources:
        for name, changes, uses in names.functions:
            was = found.get(name, (frozenset(), frozenset()))
            found[name] = (was[0] | changes, was[1] | uses)
    return found


class Imaginary:
    """Versions and links of all resources, as the cells so far leave them.

    Args:
        runs: All recorded runs.
        given: What a fresh kernel would begin with and find.
        functions: Returns the functions that the cells define; asked once, if at all.
    """

    def __init__(
        self,
        runs: Sequence[CellRun],
        given: Given,
        functions: Callable[[], Functions],
    ) -> None:
        self.state: dict[str, Expected] = {}
        self._blind = ""
        """Why a name that nothing is known of may exist: a source that cannot be seen through may make it."""
        self.apart: dict[str, Expected] = {}
        """Process settings that are not, or perhaps not, as a fresh kernel has them."""
        self.links = Links()
        self._base = given.base
        self._outside = given.outside
        self._make_functions = functions
        self._runs = runs

    @functools.cached_property
    def _functions(self) -> Functions:
        return self._make_functions()

    @functools.cached_property
    def _streams(self) -> tuple[str, ...]:
        used = {use.resource for run in self._runs for use in (*run.reads, *run.writes)}
        return tuple(sorted(resource for resource in {*used, *self._base} if resource.startswith("rng:")))

    def expected(self, resource: str) -> Expected:
        """Return the resource as it would be now."""
        found = self.state.get(resource)
        if found is not None:
            return found
        kind = resource.partition(":")[0]
        if kind == "rng":
            return Expected(self._base.get(resource, UNSEEDED))
        if kind in ("file", "module"):
            return Expected(self._outside.get(resource, MISSING))
        return Expected(self._base.get(resource, MISSING), unsure=self._blind if kind == "name" else "")

    # -- a run that fits --------------------------------------------------------------------------------

    def take(self, run: CellRun, index: int) -> None:
        """Let a run change the state as it did."""
        for use in run.writes:
            made = self.state[use.resource] = Expected(use.version, index)
            if use.resource.startswith(_SETTINGS):
                self._set(use.resource, made)
        for resource in run.touched:
            was = self.expected(resource)
            touched = Version(None, was.version.order, (*was.version.touched, run.order))
            self.state[resource] = msgspec.structs.replace(was, version=touched)
        if run.sharing.after or self.links:
            self.links.update((use.resource for use in run.writes), dict(run.sharing.after))

    def _set(self, resource: str, made: Expected) -> None:
        """Remember a setting as long as it is not as it was at first."""
        digest = made.version.digest
        if digest is None or made.unsure or digest != self._base.get(resource, MISSING).digest:
            self.apart[resource] = made
        else:
            self.apart.pop(resource, None)

    def may_set(self, resources: Iterable[str], index: int, reason: str) -> None:
        """A cell of which no run fits may set these; ``env`` stands for any variable."""
        for resource in resources:
            was = self.expected(resource)
            self.apart[resource] = self.state[resource] = Expected(was.version, index, unsure=reason)

    def doubt(self, run: CellRun, reason: str, maybe: Iterable[str]) -> None:
        """What the run did and did not do is not sure to be so in run-all."""
        done = (*(use.resource for use in run.writes), *run.touched)
        for resource in (*done, *run.margin.exposed, *maybe):
            self.unsure(resource, reason)
        if run.margin.may_draw:
            self.unsure_streams(reason)

    # -- a cell of which no run fits --------------------------------------------------------------------

    def taint_by_run(self, run: CellRun, index: int, label: str, verdict: str) -> None:
        """The cell would make something else than this run of the same source did."""
        reason = f"{label}, which is {verdict},"
        kept = (use.resource for use in run.margin.kept)
        for use in run.writes:
            if use.resource.startswith("rng:"):
                self.unsure(use.resource, f"{reason} draws from it")
            else:
                self.recompute(use.resource, index, f"it comes from {label}, which is {verdict}")
        for resource in (*run.touched, *run.margin.exposed, *kept):
            self.unsure(resource, f"{reason} may change it")
        if run.sharing.after or self.links:
            # as far as one can tell, what it would make shares objects with the same names
            self.links.update((use.resource for use in run.writes), dict(run.sharing.after))
        if run.margin.may_draw:
            self.unsure_streams(f"{reason} may draw from it")

    def taint_by_source(self, names: Names, index: int, who: str) -> None:
        """A source that never ran changes what it says, and what the functions that it calls change."""
        for name in sorted(names.writes - names.maybe_writes | names.mutates | names.deletes):
            self.recompute(f"name:{name}", index, f"it would come from {who.rstrip(',')}")
        for name in sorted(names.maybe_writes):
            self.unsure(f"name:{name}", f"{who} may change it")
        for name in sorted(names.may_mutate | names.iterates | self._changed_through(names)):
            if f"name:{name}" in self.state:
                self.unsure(f"name:{name}", f"{who} may change it")
        if names.opaque:
            self._blind = f"{who} may make it"
            for resource in [r for r in self.state if r.startswith("name:")]:
                self.unsure(resource, f"{who} may change it")
        if names.has_calls or names.opaque:
            self.unsure_streams(f"{who} may draw from it")

    def _changed_through(self, names: Names) -> frozenset[str]:
        """Globals that the functions which the source uses may change, transitively."""
        changed: set[str] = set()
        todo = [name for name in names.reads | names.calls if name in self._functions]
        seen: set[str] = set()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            changes, uses = self._functions[name]
            changed |= changes
            todo.extend(used for used in uses if used in self._functions)
        return frozenset(changed)

    # -- one resource -----------------------------------------------------------------------------------

    def recompute(self, resource: str, index: int, reason: str) -> None:
        """The resource would be made anew, to what no record knows; so would what shares its objects."""
        for other in self.links.of(resource):
            self.unsure(other, reason)
        made = Expected(Version(None, 0, (), "not computed yet"), index, recomputed=reason)
        self.state[resource] = made
        if resource.startswith(_SETTINGS):
            self._set(resource, made)

    def unsure(self, resource: str, reason: str) -> None:
        """The resource, and what shares its objects, may be another one."""
        for name in (resource, *self.links.of(resource)):
            was = self.expected(name)
            if not was.recomputed:
                self.state[name] = msgspec.structs.replace(was, unsure=was.unsure or reason)
                if name.startswith(_SETTINGS):
                    self._set(name, self.state[name])

    def unsure_streams(self, reason: str) -> None:
        """Every generator may be elsewhere."""
        for stream in self._streams:
            self.unsure(stream, reason)

    def is_there(self, resource: str) -> bool:
        """Tell whether the name surely or perhaps exists."""
        found = self.expected(resource)
        return found.version.digest != ABSENT or bool(found.recomputed or found.unsure)
