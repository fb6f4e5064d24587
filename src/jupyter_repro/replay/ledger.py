"""Cell runs as they happen: what each one read and wrote, observed at its two ends.

Rebinding, new and deleted names are seen by comparing the namespace before and after. In-place changes
are seen by digests where a value can be looked inside, and are suspected (``touched``) from the source
where it cannot. User code is neither rewritten nor traced.
"""

from __future__ import annotations

import builtins
import types
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.digest.known_frames import KnownFrames
from jupyter_repro.digest.values import Budget, value_digest
from jupyter_repro.records import ABSENT, CellRun, Margin, RngStep, Sharing, Use, Version

from .bindings import Bindings, Moved
from .changes import Changes, View, find_changes, links_after
from .links import Links
from .names import analyse_here
from .open_run import After, Before, LetGo, OpenRun
from .patched import is_users_module, of_import
from .reach import reach
from .rng_calls import seeds_first, seeds_with_none
from .sensitivity import holders_of
from .shares import is_fixed, objects_of
from .unrepeatable import drawn_by, is_derivable
from .versions import MISSING, UNSEEDED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["BUDGET_MS", "After", "Before", "Ledger", "OpenRun"]


BUDGET_MS = 50.0
_SHARE_OF_RUN = 0.1

_ASSIGNED = "a module whose attributes a cell assigned"

_BUILTINS_NOW = vars(builtins)
_BUILTINS = frozenset(_BUILTINS_NOW)
"""What was built in before any cell ran."""
"""Beyond the budget, looking may take this share of the run's own time."""


class Ledger:
    """The cell runs of one kernel life, and the version of every resource now.

    Args:
        hidden: Name -> whether it belongs to the shell and not to the user, for every name.
    """

    def __init__(self, *, hidden: Mapping[str, bool]) -> None:
        self._hidden = hidden
        self.budget_ms = BUDGET_MS
        """What looking at values may cost before a run, and again after it, roughly."""
        self.runs: list[CellRun] = []
        self.live: dict[str, Version] = {}
        self.base: dict[str, Version] = {}
        """What a fresh kernel under the same configuration starts with."""
        self._bindings = Bindings(hidden)
        self._bound: dict[str, Any] | None = None
        """The user's names as the last run left them; None while a run is open, to keep nothing alive."""
        self._next = 1
        self._amended: list[CellRun] = []
        self._seeding_order: int | None = None
        self._seeded: dict[str, tuple[int, str]] = {}
        """Streams whose seeding is on the record: the run that it counts as, and the state."""
        self._namespace: Mapping[str, Any] | None = None
        self._links = Links()
        self._frames = KnownFrames()
        self._assigned_modules: dict[int, Any] = {}
        """Modules whose attributes a cell assigned: their name and file no longer tell their content."""

    # -- names that we did not see being made -------------------------------------------------------

    def resync(self, namespace: Mapping[str, Any], reason: str) -> None:
        """Take note of names that changed while nothing was recorded."""
        self._namespace = namespace
        if self._bound is not None:
            self._take_note(namespace, self._bound, reason)
            return
        self._bound = self._bindings.all(namespace)
        budget = _budget(self.budget_ms)
        for name, value in self._bound.items():
            digest = self._digest(value, budget)
            if digest is None or digest != self.live.get(f"name:{name}", MISSING).digest:
                self.live[f"name:{name}"] = Version(digest, 0, (), reason)
        for resource in self.live:
            if resource.startswith("name:") and resource[5:] not in self._bound:
                self.live[resource] = MISSING

    def _take_note(self, namespace: Mapping[str, Any], bound: dict[str, Any], reason: str) -> None:
        """Bring ``bound`` up to date; nobody knows who made what is new in it."""
        moved = self._bindings.moved(namespace, bound, turn=self._bindings.turn)
        budget = _budget(self.budget_ms)
        for name in sorted(moved.bound):
            bound[name] = namespace[name]
            self.live[f"name:{name}"] = Version(self._digest(bound[name], budget), 0, (), reason)
        for name in moved.gone:
            bound.pop(name, None)
            if self.live.get(f"name:{name}", MISSING).digest != ABSENT:
                self.live[f"name:{name}"] = MISSING

    # -- one run ------------------------------------------------------------------------------------

    def begin(self, before: Before, namespace: Mapping[str, Any], *, parent: int | None = None) -> OpenRun:
        """Open a cell run: note the versions of what it may read."""
        self._namespace = namespace
        if self._bound is None:
            bound = self._bindings.all(namespace)
        else:
            bound, self._bound = self._bound, None
            if bound or self.runs:
                self._take_note(namespace, bound, "was bound between cells, by a callback or thread")
            else:
                bound = self._bindings.all(namespace)
        order, self._next = self._next, self._next + 1
        names = analyse_here(before.code)
        run = OpenRun(
            order=order,
            before=before,
            names=names,
            called=reach(
                # what the cell binds before it calls it is not what was there
                names.reads | (names.calls - (names.writes - names.maybe_writes)),
                namespace,
                called=names.called,
                patched=bool(self._assigned_modules),
            ),
            namespace=bound,
            let_go={},
            turn=self._bindings.turn,
            reads={},
            parent=parent,
        )
        budget = _budget(self.budget_ms)
        for name in sorted(run.may_read):
            if name in run.namespace:
                run.reads[f"name:{name}"] = self._look(name, run.namespace[name], budget)
            elif not self._hidden[name]:
                run.reads[f"name:{name}"] = MISSING
        if self._assigned_modules:
            self._read_assigned_modules(run)
        if any(name in _BUILTINS_NOW and name not in _BUILTINS for name in run.may_read - bound.keys()):
            resource = "module:builtins"
            run.reads[resource] = self.live.setdefault(resource, Version(None, 0, (), _ASSIGNED))
        self._let_go(run)
        return run

    def _read_assigned_modules(self, run: OpenRun) -> None:
        """What a cell assigned to a module is there for every cell that imports it."""
        imported = {full.partition(".")[0] for _, full in run.names.imports}
        for module in self._assigned_modules.values():
            resource = f"module:{module.__name__}"
            if resource in self.live and module.__name__.partition(".")[0] in imported:
                run.reads[resource] = self.live[resource]

    def _let_go(self, run: OpenRun) -> None:
        """Hold no value that the cell is about to free: memory and ``__del__`` are the user's."""
        names = run.names
        for name in ((names.writes | names.deletes) - names.maybe_writes) & run.namespace.keys():
            value = run.namespace[name]
            if is_fixed(value):
                continue
            shared = self._links.of(f"name:{name}") or self.live.get(f"name:{name}", MISSING).order == 0
            run.let_go[name] = LetGo(id(value), objects_of(value) if shared else frozenset())
            del run.namespace[name]

    def _look(self, name: str, value: Any, budget: Budget) -> Version:
        """Return the live version of a name, after checking that its content is still what we knew."""
        resource = f"name:{name}"
        known = self.live.get(resource, Version(None, 0, (), "was made before recording"))
        digest = self._digest(value, budget)
        if digest is None:
            seen = Version(None, known.order, known.touched, budget.why)
        elif known.digest in (digest, None):
            seen = Version(digest, known.order, (), known.why_unknown)
        else:
            seen = Version(digest, 0, (), "was changed in place, unseen by whom")
        self.live[resource] = seen
        return seen

    def imported(self, full: str) -> str | None:
        """Return the digest of what an import of this full name gives; None where it is not known without one."""
        found = of_import(full)
        return None if found is None else self._digest(found[0], _budget(1))

    def _digest(self, value: Any, budget: Budget) -> str | None:
        if id(value) in self._assigned_modules:
            budget.why = _ASSIGNED
            return None
        return self._frames.digest(
            value, budget, lambda: value_digest(value, budget=budget, namespace=self._namespace)
        )

    def end(self, run: OpenRun, after: After, namespace: Mapping[str, Any]) -> CellRun:
        """Close a cell run: note what it changed, and keep its record."""
        self._namespace = namespace
        moved = self._moved(run, namespace)
        if run.names.stars:
            run.known_as(analyse_here(run.before.code))
        if after.failed_line is not None:
            run.ended_at(after.failed_line)
        budget = _budget(max(self.budget_ms, _SHARE_OF_RUN * after.duration_s * 1000))
        writes, kept = self._rebound(run, after, namespace, moved, budget)
        bound = {resource[5:] for resource in writes}
        self._note_assigned_modules(run, after, namespace, writes)
        changes = find_changes(
            run,
            namespace,
            writes,
            View(
                digest_of=lambda value: self._digest(value, budget),
                known_of=lambda resource: self.live.get(resource, MISSING),
            ),
        )
        sharing = self._sharing(run, namespace, changes, bound)
        reads = dict(run.reads)
        rng = self._note_rng(run, after, reads, writes)
        for use in after.reads:
            if use.resource in self.live and self.live[use.resource].digest == use.version.digest:
                reads[use.resource] = self.live[use.resource]
            else:
                reads[use.resource] = use.version
        for resource, digest in after.writes:
            writes[resource] = Version(digest, run.order)
        self.live.update(writes)
        for resource in changes.touched:
            was = self.live.get(resource, MISSING)
            self.live[resource] = Version(None, was.order, (*was.touched, run.order), "not looked inside")
        done = CellRun(
            order=run.order,
            cell=run.before.cell,
            source=run.before.source,
            digest=run.before.digest,
            reads=_uses(reads),
            writes=_uses(writes),
            touched=tuple(changes.touched),
            margin=Margin(
                kept=_uses(kept),
                exposed=_exposed(run, writes, changes.touched),
                may_draw=run.names.branching or run.names.has_calls or run.called.calls,
                settings=after.settings,
            ),
            sharing=sharing,
            rng=rng,
            effects=_effects(run, after, moved=bool(changes.moved)),
            leaks=after.leaks,
            ops=after.ops,
            amp=after.amp,
            training=after.training,
            outputs=after.outputs,
            ended=after.ended,
            error=after.error,
            started=run.before.started,
            duration_s=after.duration_s,
            parent=run.parent,
        )
        if after.reseeded:
            self._seeding_order = run.order
        self.runs.append(done)
        self._follow(run, namespace, moved)
        return done

    def _note_assigned_modules(
        self, run: OpenRun, after: After, namespace: Mapping[str, Any], writes: dict[str, Version]
    ) -> None:
        """Attributes of modules that a cell assigned; a process setting among them is told apart."""
        settings = (r for r, _ in after.writes if r.startswith(("setting:", "env:")))
        known = {holder for resource in settings for holder in holders_of(resource)}
        for name in run.names.mutates:
            value = namespace.get(name)
            if type(value) is types.ModuleType and value.__name__.partition(".")[0] not in known:
                self._assigned_modules[id(value)] = value
                if not is_users_module(vars(value)):  # those are looked into
                    writes[f"module:{value.__name__}"] = Version(None, run.order, (), _ASSIGNED)

    def _sharing(
        self, run: OpenRun, namespace: Mapping[str, Any], changes: Changes, bound: set[str]
    ) -> Sharing:
        before = {resource: self._links.of(resource) for resource in changes.changed}
        after = links_after(run, namespace, changes, bound)
        self._links.update(changes.writes, after)
        return Sharing(
            before=tuple((name, tuple(sorted(others))) for name, others in before.items()),
            after=tuple((name, tuple(sorted(others))) for name, others in after.items() if others),
            along=_uses({name: was for name, was in changes.beside.items() if name not in run.reads}),
        )

    def _moved(self, run: OpenRun, namespace: Mapping[str, Any]) -> Moved:
        moved = self._bindings.moved(namespace, run.namespace, turn=run.turn)
        for name, was in run.let_go.items():
            if name not in namespace:
                moved.gone.add(name)
                self._bindings.forget(name)
            elif id(namespace[name]) != was.identity:
                moved.bound.add(name)
            else:
                moved.bound.discard(name)
        return moved

    def _rebound(
        self, run: OpenRun, after: After, namespace: Mapping[str, Any], moved: Moved, budget: Budget
    ) -> tuple[dict[str, Version], dict[str, Version]]:
        """Return what the run bound, and what it may have bound again to just what it was."""
        writes: dict[str, Version] = {}
        kept: dict[str, Version] = {}
        names = run.names
        surely = names.writes - names.maybe_writes if after.ended == "ok" else frozenset()
        bound = moved.bound | {name for name in surely if name in namespace and not self._hidden[name]}
        for name in sorted(bound):
            digest = self._digest(namespace[name], budget)
            writes[f"name:{name}"] = Version(digest, run.order, (), "" if digest else budget.why)
        for name in (names.writes | run.called.mutates) - bound:
            if name in namespace and not self._hidden[name]:
                kept[f"name:{name}"] = self.live.get(f"name:{name}", MISSING)
        for name in moved.gone:
            writes[f"name:{name}"] = Version(ABSENT, run.order)
        return writes, kept

    def _follow(self, run: OpenRun, namespace: Mapping[str, Any], moved: Moved) -> None:
        """Keep the names as this run leaves them; those of a run inside another change on."""
        if run.parent is not None or run.turn + 1 != self._bindings.turn:
            return
        bound = run.namespace
        for name in (*moved.bound, *run.let_go):
            if name in namespace:
                bound[name] = namespace[name]
        for name in moved.gone:
            bound.pop(name, None)
        self._bound = bound

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
                self.runs[index] = _with_write(run, Use(resource, version))
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

    def _note_rng(
        self, run: OpenRun, after: After, reads: dict[str, Version], writes: dict[str, Version]
    ) -> tuple[RngStep, ...]:
        steps = []
        anew = seeds_first(run.before.code, run.namespace)
        for stream in sorted({*run.before.rng, *after.rng}):
            before, now = run.before.rng.get(stream), after.rng.get(stream)
            if now is None:
                continue
            steps.append(RngStep(stream, before, now))
            resource = f"rng:{stream}"
            family = stream.partition(".")[0]
            if (after.reseeded and stream not in after.drew_first) or family in anew:
                writes[resource] = Version(now, run.order)
                continue
            if before is None and resource not in self.live and now == after.arrived.get(stream):
                # a library came and no seed is set: nothing was drawn since
                continue
            known = self._rng_version(resource, before)
            looked = stream in after.asked or run.names.rng_state or run.called.rng_state
            if now not in (before, known.digest) or looked:
                reads[resource] = known
                writes[resource] = Version(now, run.order)
        return tuple(steps)

    def _rng_version(self, resource: str, before: str | None) -> Version:
        """Return the version that the run found; a state that no recorded run left was not seeded."""
        known = self.live.get(resource, UNSEEDED)
        if before is None or known.digest == before:
            return known
        return Version(None, 0, (), "moved between cells" if known.digest else UNSEEDED.why_unknown)


def _budget(milliseconds: float) -> Budget:
    """Return what can be looked at in that time: counted, not timed, so that the load decides nothing."""
    return Budget(bytes=int(milliseconds * 80_000), items=int(milliseconds * 100))


def _exposed(run: OpenRun, writes: Collection[str], touched: Collection[str]) -> tuple[str, ...]:
    """Return what the run may have changed in place with other inputs, and did not."""
    names = (run.suspected & run.namespace.keys()) | run.called.mutates
    return tuple(
        resource
        for name in sorted(names)
        if (resource := f"name:{name}") not in writes
        and resource not in touched
        and (name in run.called.mutates or not is_fixed(run.namespace[name]))
    )


def _effects(run: OpenRun, after: After, *, moved: bool) -> tuple[str, ...]:
    names, called = run.names, run.called
    hidden = dict.fromkeys((*names.opaque, *called.opaque))
    effects = [f"not seen through: {reason}" for reason in hidden]
    unrepeatable = dict.fromkeys((*names.unrepeatable, *called.unrepeatable))
    # where the line was seen to draw, its effect says more than its source does
    seen = {leak.what.partition("(")[0] for leak in after.leaks if not leak.via and not leak.derived}
    effects.extend(
        reason
        for reason in unrepeatable
        if drawn_by(reason) not in seen and not (after.derives and is_derivable(reason))
    )
    if not after.derives and seeds_with_none(run.before.code, run.namespace):
        effects.append("it seeds a generator with None, which draws from the system's entropy")
    if names.history:
        used = ", ".join(f"`{name}`" for name in sorted(names.history))
        effects.append(f"it uses the history of this kernel ({used})")
    if names.repeats and moved:
        effects.append("`%timeit` changed something, as often as time allowed")
    return (*effects, *after.effects)


def _uses(versions: Mapping[str, Version]) -> tuple[Use, ...]:
    return tuple(Use(resource, versions[resource]) for resource in sorted(versions))


def _with_write(run: CellRun, use: Use) -> CellRun:
    return msgspec.structs.replace(run, writes=(*run.writes, use))
