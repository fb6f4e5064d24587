"""The state that Restart & Run All would have at one point of the document."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import ABSENT, Version

from .labels import verdict_in_words
from .last_result import LAST_RESULT
from .links import Links
from .names import Defined, Names
from .sensitivity import holders_of
from .settled import is_calm, reaches_names_unseen, settled_by
from .shell_history import is_numbered, shows_history_itself
from .unrepeatable import seeds_a_stream, unseeded_by
from .versions import MISSING, UNSEEDED, Expected, agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from jupyter_repro.records import Cell, CellRun

    from .given import Given
    from .runs import Runs
    from .shell_history import Past

__all__ = ["Imaginary"]

Functions = dict[str, "Defined"]
"""Function -> what all functions of that name do together."""


_SETTINGS = ("setting:", "env:")


def functions_of(sources: Iterable[Names]) -> Functions:
    """Join what the functions of all cells do, by their text; equal names are joined."""
    found: Functions = {}
    for names in sources:
        for each in names.functions:
            was = found.get(each.name, each)
            found[each.name] = Defined(
                each.name, was.changes | each.changes, was.uses | each.uses, was.calls | each.calls
            )
    return found


class Imaginary:
    """Versions and links of all resources, as the cells so far leave them.

    Args:
        runs: All recorded runs.
        given: What a fresh kernel would begin with and find.
        sources: Returns what the sources of all cells read, bind and define; asked if need be.
        past: The shell's history that run-all would have.
    """

    def __init__(
        self,
        runs: Runs,
        given: Given,
        sources: Callable[[], Iterable[Names]],
        past: Past,
    ) -> None:
        self.state: dict[str, Expected] = {}
        self._blind = ""
        """Why a name that nothing is known of may exist: a source that cannot be seen through may make it."""
        self.apart: dict[str, Expected] = {}
        """Process settings that are not, or perhaps not, as a fresh kernel has them."""
        self.links = Links()
        self.past = past
        self._base = given.base
        self._outside = given.outside
        self._given_by_import = given.imported
        self._sources = sources
        self._modules = tuple(resource for resource in given.outside if resource.startswith("module:"))
        self._runs = runs

    @functools.cached_property
    def _functions(self) -> Functions:
        return functions_of(self._sources())

    @functools.cached_property
    def _unseen(self) -> bool:
        """Whether some function of the document may bind names that it does not spell."""
        return any(reaches_names_unseen(cell.source) for cell in self.past.cells)

    @functools.cached_property
    def _changed_by_functions(self) -> frozenset[str]:
        return frozenset(name for each in self._functions.values() for name in each.changes)

    @functools.cached_property
    def _used_by_functions(self) -> frozenset[str]:
        return frozenset(name for each in self._functions.values() for name in each.uses)

    @functools.cached_property
    def _imported(self) -> frozenset[str]:
        """Names that some cell imports from one of the user's modules."""
        ours = {resource[7:] for resource in self._modules}
        pairs = (pair for names in self._sources() for pair in names.imports)
        return frozenset(name for name, full in pairs if _is_of(full, ours))

    @functools.cached_property
    def _full_names(self) -> dict[str, str]:
        """Names that mean one import wherever they are bound, with its full name."""
        found: dict[str, str] = {}
        for names in self._sources():
            imported = dict(names.imported)
            for name in names.writes:
                full = imported.get(name, "")
                found[name] = full if found.get(name, full) == full else ""
        return found

    def _is_module(self, name: str) -> bool:
        """Tell whether the name is what an import gives, which is itself whatever is done with it."""
        full = self._full_names.get(name, "")
        return bool(full) and self._given_by_import(full) is not None

    def _by_import(self, names: Names) -> dict[str, Version]:
        """Return what a source binds by import, as far as it can be known without a run."""
        known = ((f"name:{name}", self._given_by_import(full)) for name, full in names.imported)
        return {resource: Version(digest, 0) for resource, digest in known if digest is not None}

    @functools.cached_property
    def _seeds_somewhere(self) -> bool:
        """Whether some cell seeds with a number, or calls what may."""
        return any(seeds_a_stream(cell.source) for cell in self.past.cells)

    @functools.cached_property
    def _streams(self) -> tuple[str, ...]:
        of_base = (resource for resource in self._base if resource.startswith("rng:"))
        return tuple(sorted({*self._runs.streams, *of_base}))

    def expected(self, resource: str) -> Expected:
        """Return the resource as it would be now."""
        found = self.state.get(resource)
        if resource == LAST_RESULT and self.past.underscores_bound:
            return Expected(Version(), unsure="a cell binds the name itself, or may")
        if found is not None:
            return found
        kind = resource.partition(":")[0]
        if is_numbered(resource):
            if self.past.underscores_bound and resource in ("result:__", "result:___"):
                return Expected(Version(), unsure="a cell binds the name itself, or may")
            return self.past.expected(resource)
        if kind == "rng":
            return Expected(self._base.get(resource, UNSEEDED))
        if kind in ("file", "module"):
            return Expected(self._outside.get(resource, MISSING))
        return Expected(self._base.get(resource, MISSING), unsure=self._blind if kind == "name" else "")

    # -- a run that fits --------------------------------------------------------------------------------

    def take(self, run: CellRun, index: int) -> None:
        """Let a run change the state as it did."""
        state, along = self.state, {use.resource: use.version for use in run.sharing.along}
        for use in run.writes:
            resource = use.resource
            if along and resource in along and not self._changes_along(resource, along[resource], index):
                continue
            made = state[resource] = Expected(use.version, index)
            if resource == LAST_RESULT and not shows_history_itself(run):
                self.past.show(index, made)
            if resource.startswith(_SETTINGS):
                self._set(resource, made)
        for resource in run.touched:
            was = self.expected(resource)
            if not self.is_there(resource):
                continue
            touched = Version(None, was.version.order, (*was.version.touched, run.order))
            self.state[resource] = msgspec.structs.replace(was, version=touched)
        if run.sharing.after or self.links:
            self.links.update((use.resource for use in run.writes), dict(run.sharing.after))

    def _changes_along(self, resource: str, before: Version, index: int) -> bool:
        """Tell whether what a run changed without reading it is here what it was then."""
        was = self.expected(resource)
        if was.recomputed or was.unsure or not self.is_there(resource):
            return False
        if agreement(before, was.version) == "same":
            return True
        self.recompute(resource, index, "it is another one here, and changed in place")
        return False

    def _set(self, resource: str, made: Expected) -> None:
        """Remember a setting as long as it is not as it was at first."""
        digest = made.version.digest
        if digest is None or made.unsure or digest != self._base.get(resource, MISSING).digest:
            self.apart[resource] = made
        else:
            self.apart.pop(resource, None)

    def _may_set(self, resources: Iterable[str], index: int, reason: str) -> None:
        for resource in resources:
            was = self.expected(resource)
            self.apart[resource] = self.state[resource] = Expected(was.version, index, unsure=reason)

    def doubt(self, run: CellRun, index: int, reason: str, maybe: Iterable[str]) -> None:
        """What the run did and did not do is not sure to be so in run-all."""
        done = (*self._written_by(run), *run.touched)
        for resource in (*done, *run.margin.exposed, *maybe):
            self.unsure(resource, reason)
        if run.margin.may_draw:
            self.unsure_streams(reason)
        self.past.doubt(index, reason)

    # -- a cell of which no run fits --------------------------------------------------------------------

    def taint_by_run(self, run: CellRun, names: Names, index: int, label: str, verdict: str) -> None:
        """The cell would make something else than this run of the same source did."""
        reason = f"{label}, which {verdict_in_words(verdict)},"
        imported = self._by_import(names)
        kept = (use.resource for use in run.margin.kept)
        for resource in self._written_by(run):
            if resource.startswith("rng:"):
                if "seed" in run.source or not self._is_unseeded(resource):
                    self.unsure(resource, f"{reason} draws from it")
            elif resource in imported:
                self.state[resource] = Expected(imported[resource], index)
            else:
                self.recompute(resource, index, f"it comes from {label}, which {verdict_in_words(verdict)}")
        modules = (use.resource for use in run.reads if use.resource in self._modules)
        for resource in (*run.touched, *run.margin.exposed, *kept, *(modules if run.margin.may_draw else ())):
            self.unsure(resource, f"{reason} may change it")
        if run.sharing.after or self.links:
            # as far as one can tell, what it would make shares objects with the same names
            self.links.update((use.resource for use in run.writes), dict(run.sharing.after))
        if run.margin.may_draw:
            self.unsure_streams(f"{reason} may draw from it")
        self.unseed(run, names, index)
        self.may_show(names, index, reason)
        if names.shows == "nothing" and any(use.resource == LAST_RESULT for use in run.writes):
            self.past.may_show(index, f"{reason} may show another")

    def may_show(self, names: Names, index: int, who: str) -> None:
        """The cell shows another result, or perhaps none."""
        if names.shows == "surely":
            self.recompute(LAST_RESULT, index, f"it would come from {who.rstrip(',')}")
            self.past.show(index, self.state[LAST_RESULT])
        elif names.shows == "perhaps":
            was = self.expected(LAST_RESULT)
            made = msgspec.structs.replace(
                was, version=Version(None, was.version.order), unsure=f"{who} may show another"
            )
            self.state[LAST_RESULT] = was if was.recomputed else made
            self.past.may_show(index, made.unsure)

    def _written_by(self, run: CellRun) -> list[str]:
        """Return what a run would write here: what it changed along with something must be there."""
        along = {use.resource for use in run.sharing.along}
        resources = (use.resource for use in run.writes)
        return [resource for resource in resources if resource not in along or self.is_there(resource)]

    def taint_by_source(self, names: Names, settings: Collection[str], index: int, who: str) -> None:
        """A source that never ran changes what it says, and what the functions that it calls change.

        Args:
            names: The names of the source.
            settings: Process settings that it may set; ``env`` stands for any variable.
            index: Where the cell stands.
            who: The cell in words.
        """
        self._make_by_source(names, settings, index, who)
        self._may_set(settings, index, f"{who} may set it")
        self.may_show(names, index, who)
        for name in sorted(names.maybe_writes):
            self.unsure(f"name:{name}", f"{who} may change it")
        through = self._changed_through(names) | self._called_values(names)
        for name in sorted(names.may_mutate | names.iterates | through):
            if f"name:{name}" in self.state and not self._is_module(name):
                self.unsure(f"name:{name}", f"{who} may change it")
        if names.opaque:
            self._blind = f"{who} may make it"
            for resource in [r for r in self.state if r.startswith("name:")]:
                self.unsure(resource, f"{who} may change it")
        if self._modules and self._may_change_modules(names):
            for resource in self._modules:  # they may use one another
                self.unsure(resource, f"{who} may change it")
        if names.has_calls or names.opaque:
            self.unsure_streams(f"{who} may draw from it")

    def _make_by_source(self, names: Names, settings: Collection[str], index: int, who: str) -> None:
        """What the source surely binds, changes or deletes is made anew, but for what imports give."""
        imported = self._by_import(names)
        holders = {holder for resource in settings for holder in holders_of(resource)}
        assigned = {name for name in names.mutates if self._is_module(name)}
        made = names.writes - names.maybe_writes | names.deletes
        for name in sorted(made | (names.mutates - assigned)):
            resource = f"name:{name}"
            if resource in imported:
                self.state[resource] = Expected(imported[resource], index)
            else:
                self.recompute(resource, index, f"it would come from {who.rstrip(',')}")
        for name in assigned:
            # the module stays the module; a setting that is kept in it is told apart
            if self._full_names[name].partition(".")[0] not in holders:
                self.unsure(f"name:{name}", f"{who} may change it")

    def _may_change_modules(self, names: Names) -> bool:
        if names.opaque:
            return True
        own = {name for name, _ in names.imports}
        if names.has_calls:
            return bool(self._imported & (self._used_by(names) | own | names.mutates))
        return bool(self._imported & names.mutates)

    def _changed_through(self, names: Names) -> frozenset[str]:
        """Globals that the functions which the source uses may change."""
        used = self._used_by(names) & self._functions.keys()
        return frozenset(changed for name in used for changed in self._functions[name].changes)

    def _called_values(self, names: Names) -> frozenset[str]:
        """Names called that no cell defines or imports: a closure, or an object, may change itself."""
        functions = self._functions
        used = self._used_by(names) & functions.keys()
        called = names.calls.union(*(functions[name].calls for name in used))
        return frozenset(name for name in called - functions.keys() if not self._full_names.get(name))

    def _used_by(self, names: Names) -> frozenset[str]:
        """Names that the source uses, itself and through the functions of the document."""
        used: set[str] = set()
        todo = [*names.reads, *names.calls]
        while todo:
            name = todo.pop()
            if name not in used:
                used.add(name)
                if name in self._functions:
                    todo.extend(self._functions[name].uses)
        return frozenset(used)

    def settle(self, cell: Cell, run: CellRun | None, index: int) -> None:
        """Whatever the cell is fed, it leaves what its text says outright, where run-all gets below it."""
        if "raises-exception" in cell.tags or (run is not None and not all(map(is_calm, run.effects))):
            return
        said = settled_by(cell.source)
        if not said or self._unseen:
            return
        made = {} if run is None else {use.resource: use.version for use in run.writes}
        for each in said:
            if each.name in self._changed_by_functions or (
                not each.fixed and each.name in self._used_by_functions
            ):
                continue
            resource = f"name:{each.name}"
            was = made.get(resource, MISSING)
            self.links.update((resource,), {})
            self.state[resource] = Expected(was if was.digest == each.digest else Version(each.digest), index)

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

    def unseed(self, run: CellRun, names: Names, index: int) -> None:
        """A stream that the cell surely seeds with nothing begins at random."""
        stream = "" if names.conditional else unseeded_by(run.effects, run.source)
        if stream and any(use.resource == stream for use in run.writes):
            self.state[stream] = Expected(UNSEEDED, index)

    def _is_unseeded(self, resource: str) -> bool:
        """Tell whether the generator surely starts at random, so that drawing makes it no surer."""
        was = self.expected(resource)
        return was.version.digest is None and not was.unsure and not was.recomputed

    def unsure_streams(self, reason: str) -> None:
        """Every generator may be elsewhere; what starts at random does so still, but for what may seed it."""
        for stream in self._streams:
            if self._seeds_somewhere or not self._is_unseeded(stream):
                self.unsure(stream, reason)

    def is_there(self, resource: str) -> bool:
        """Tell whether the name surely or perhaps exists."""
        found = self.expected(resource)
        return found.version.digest != ABSENT or bool(found.recomputed or found.unsure)


def _is_of(full: str, modules: set[str]) -> bool:
    """Tell whether a full name is that of one of the modules, of a part of it, or of a package above it."""
    return any(full == each or full.startswith(f"{each}.") or each.startswith(f"{full}.") for each in modules)
