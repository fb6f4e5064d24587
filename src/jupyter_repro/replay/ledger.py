"""Cell runs as they happen: what each one read and wrote, observed at its two ends.

Rebinding, new and deleted names are seen by comparing the namespace before and after. In-place changes
are seen by digests where a value can be looked inside, and are suspected (``touched``) from the source
where it cannot. User code is neither rewritten nor traced.
"""

from __future__ import annotations

import builtins
import dataclasses
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.digest.values import Budget, value_digest
from jupyter_repro.records import ABSENT, CellId, CellRun, Ending, RngStep, Use, Version

from .names import Names, analyse
from .reach import reach
from .rng_calls import seeds_first
from .versions import MISSING, UNSEEDED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["After", "Before", "Ledger", "OpenRun"]

_BUILTINS = frozenset(dir(builtins))
_NOTHING = object()


@dataclasses.dataclass(frozen=True)
class Before:
    """What is known when a cell run starts."""

    source: str
    """As the front end sent it."""
    code: str
    """As Python runs it, after IPython's transformations."""
    digest: str
    cell: CellId | None
    rng: Mapping[str, str | None]
    started: float


@dataclasses.dataclass(frozen=True)
class After:
    """What is known when it has ended."""

    rng: Mapping[str, str | None]
    ended: Ending
    error: str
    duration_s: float
    reads: tuple[Use, ...] = ()
    """Files that were read, with their versions."""
    writes: tuple[tuple[str, str | None], ...] = ()
    """(resource, digest) of files that were written."""
    effects: tuple[str, ...] = ()
    reseeded: bool = False
    """The run was the ``%repro`` that seeds: every stream starts anew here."""
    drew_first: frozenset[str] = frozenset()
    """Streams that it drew from before it seeded them."""


@dataclasses.dataclass
class OpenRun:
    """A cell run that has not ended."""

    order: int
    before: Before
    names: Names
    namespace: dict[str, Any]
    reads: dict[str, Version]
    parent: int | None
    candidates: frozenset[str]
    """Names that the run may change in place."""
    surely: frozenset[str]
    """Names that its source surely changes in place."""


class Ledger:
    """The cell runs of one kernel life, and the version of every resource now.

    Args:
        hidden: Name -> whether it belongs to the shell and not to the user, for every name.
    """

    def __init__(self, *, hidden: Mapping[str, bool]) -> None:
        self._hidden = hidden
        self.runs: list[CellRun] = []
        self.live: dict[str, Version] = {}
        self.base: dict[str, Version] = {}
        """What a fresh kernel under the same configuration starts with."""
        self._ids: dict[str, int] = {}
        self._next = 1
        self._amended: list[CellRun] = []
        self._seeding_order: int | None = None

    # -- names that we did not see being made -------------------------------------------------------

    def resync(self, namespace: Mapping[str, Any], reason: str) -> None:
        """Take note of names that changed while nothing was recorded."""
        for name in self._user_names(namespace):
            if self._ids.get(name) != id(namespace[name]):
                digest = value_digest(namespace[name], budget=Budget())
                self.live[f"name:{name}"] = Version(digest, 0, (), reason)
        self._forget_gone(namespace)
        self._ids = {name: id(namespace[name]) for name in self._user_names(namespace)}

    # -- one run ------------------------------------------------------------------------------------

    def begin(self, before: Before, namespace: Mapping[str, Any], *, parent: int | None = None) -> OpenRun:
        """Open a cell run: note the versions of what it may read."""
        if self._ids or self.runs:
            self._notice_changes_between(namespace)
        order, self._next = self._next, self._next + 1
        names = analyse(before.code)
        called = reach(names.reads | names.calls, namespace)
        read = names.reads | called.reads
        run = OpenRun(
            order=order,
            before=before,
            names=names,
            namespace={name: namespace[name] for name in self._user_names(namespace)},
            reads={},
            parent=parent,
            candidates=(
                names.may_mutate | names.mutates | names.iterates | called.reads | called.mutates | read
            ),
            surely=names.mutates,
        )
        self._note_reads(run, read)
        return run

    def _note_reads(self, run: OpenRun, read: Collection[str]) -> None:
        budget = Budget()
        for name in sorted(read):
            if name in run.namespace:
                run.reads[f"name:{name}"] = self._look(name, run.namespace[name], budget)
            elif name not in _BUILTINS and not self._hidden[name]:
                run.reads[f"name:{name}"] = self.live.get(f"name:{name}", MISSING)

    def _look(self, name: str, value: Any, budget: Budget) -> Version:
        """Return the live version of a name, after checking that its content is still what we knew."""
        resource = f"name:{name}"
        known = self.live.get(resource, Version(None, 0, (), "was made before recording"))
        digest = value_digest(value, budget=budget)
        if digest == known.digest or (digest is not None and known.digest is None and not known.touched):
            seen = _with_digest(known, digest=digest)
        elif digest is None:
            seen = Version(None, known.order, known.touched, budget.why)
        elif known.digest is None:
            seen = _with_digest(known, digest=digest)
        else:
            since = tuple(run.order for run in self.runs if run.order > known.order)
            seen = Version(None, known.order, (*known.touched, *since), "changed in place, unseen by whom")
        self.live[resource] = seen
        return seen

    def end(self, run: OpenRun, after: After, namespace: Mapping[str, Any]) -> CellRun:
        """Close a cell run: note what it changed, and keep its record."""
        writes: dict[str, Version] = {}
        touched: list[str] = []
        self._note_bindings(run, after, namespace, writes)
        self._note_mutations(run, namespace, writes, touched)
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
        for resource in touched:
            was = self.live.get(resource, MISSING)
            self.live[resource] = Version(None, was.order, (*was.touched, run.order), "not looked inside")
        done = CellRun(
            order=run.order,
            cell=run.before.cell,
            source=run.before.source,
            digest=run.before.digest,
            reads=_uses(reads),
            writes=_uses(writes),
            touched=tuple(touched),
            rng=rng,
            effects=(*self._static_effects(run), *after.effects),
            ended=after.ended,
            error=after.error,
            started=run.before.started,
            duration_s=after.duration_s,
            parent=run.parent,
        )
        if after.reseeded:
            self._seeding_order = run.order
        self.runs.append(done)
        self._forget_gone(namespace)
        self._ids = {name: id(namespace[name]) for name in self._user_names(namespace)}
        return done

    # -- bindings -----------------------------------------------------------------------------------

    def _note_bindings(
        self, run: OpenRun, after: After, namespace: Mapping[str, Any], writes: dict[str, Version]
    ) -> None:
        budget = Budget()
        here = self._user_names(namespace)
        for name in here:
            same = run.namespace.get(name, _NOTHING) is namespace[name]
            if not same or self._rebound_to_equal(run, after, name):
                digest = value_digest(namespace[name], budget=budget)
                writes[f"name:{name}"] = Version(digest, run.order, (), "" if digest else budget.why)
        for name in run.namespace.keys() - set(here):
            writes[f"name:{name}"] = Version(ABSENT, run.order)

    def _rebound_to_equal(self, run: OpenRun, after: After, name: str) -> bool:
        """``x = 1`` where x was 1: the source says it was bound, identity cannot."""
        if name not in run.names.writes or name in run.names.maybe_writes:
            return False
        if after.ended == "ok":
            return True
        known = self.live.get(f"name:{name}", MISSING)
        if known.digest is not None:
            return True
        maker = next((done for done in self.runs if done.order == known.order), None)
        return maker is not None and maker.cell is not None and maker.cell == run.before.cell

    # -- in-place changes ---------------------------------------------------------------------------

    def _note_mutations(
        self, run: OpenRun, namespace: Mapping[str, Any], writes: dict[str, Version], touched: list[str]
    ) -> None:
        budget = Budget()
        changed = False
        for name in sorted(run.candidates):
            resource = f"name:{name}"
            if resource in writes or run.namespace.get(name, _NOTHING) is not namespace.get(name, _NOTHING):
                continue
            if name not in run.namespace:
                continue
            before = run.reads.get(resource) or self.live.get(resource, MISSING)
            digest = value_digest(namespace[name], budget=budget)
            if digest is not None and digest == before.digest:
                continue
            if digest is not None and before.digest is not None:
                writes[resource] = Version(digest, run.order)
                run.reads.setdefault(resource, before)
                changed = True
            elif name in run.surely:
                writes[resource] = Version(None, run.order, (), budget.why)
                run.reads.setdefault(resource, before)
                changed = True
            elif name in self._suspected(run):
                touched.append(resource)
                changed = True
        if changed or run.names.opaque:
            self._note_aliases(run, namespace, writes, touched)

    def _suspected(self, run: OpenRun) -> frozenset[str]:
        direct = run.names.may_mutate | run.names.iterates
        through_calls = run.candidates - run.names.reads
        return direct | through_calls

    def _note_aliases(
        self, run: OpenRun, namespace: Mapping[str, Any], writes: dict[str, Version], touched: list[str]
    ) -> None:
        """Look again at every other name: the changed object may be reached through it as well."""
        budget = Budget()
        moved = {
            id(namespace[r[5:]]) for r in (*writes, *touched) if r.startswith("name:") and r[5:] in namespace
        }
        for name, value in run.namespace.items():
            resource = f"name:{name}"
            if resource in writes or resource in touched or namespace.get(name, _NOTHING) is not value:
                continue
            known = run.reads.get(resource) or self.live.get(resource, MISSING)
            if known.digest is None:
                if id(value) in moved:
                    touched.append(resource)
                continue
            digest = value_digest(value, budget=budget)
            if digest is None:
                touched.append(resource)
            elif digest != known.digest:
                writes[resource] = Version(digest, run.order)
                run.reads.setdefault(resource, known)

    # -- random number generators -------------------------------------------------------------------

    def seeded_at_import(self, stream: str, digest: str) -> None:
        """A library came later and was seeded then: as if ``%repro`` had seeded it at its own run."""
        order = self._seeding_order
        resource = f"rng:{stream}"
        if order is None:
            return
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
        for stream, digest in digests.items():
            self.base[f"rng:{stream}"] = self.live[f"rng:{stream}"] = Version(digest, 0)

    def unseeded(self) -> None:
        """``%repro off``: from now on no seed stands behind a library that is imported later."""
        self._seeding_order = None
        for resource in [r for r in self.live if r.startswith("rng:")]:
            self.live[resource] = UNSEEDED

    def _note_rng(
        self, run: OpenRun, after: After, reads: dict[str, Version], writes: dict[str, Version]
    ) -> tuple[RngStep, ...]:
        steps = []
        anew = seeds_first(run.before.code)
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
            known = self._rng_version(resource, before)
            if now not in (before, known.digest):
                reads[resource] = known
                writes[resource] = Version(now, run.order)
        return tuple(steps)

    def _rng_version(self, resource: str, before: str | None) -> Version:
        """Return the version that the run found; a state that no recorded run left was not seeded."""
        known = self.live.get(resource, UNSEEDED)
        if before is None or known.digest == before:
            return known
        return Version(None, 0, (), "moved between cells" if known.digest else UNSEEDED.why_unknown)

    # -- small things -------------------------------------------------------------------------------

    def _static_effects(self, run: OpenRun) -> tuple[str, ...]:
        effects = [f"not seen through: {reason}" for reason in run.names.opaque]
        if run.names.history:
            used = ", ".join(f"`{name}`" for name in sorted(run.names.history))
            effects.append(f"it uses the history of this kernel ({used})")
        return tuple(effects)

    def _notice_changes_between(self, namespace: Mapping[str, Any]) -> None:
        """A callback or a thread may have bound names while no cell ran."""
        for name in self._user_names(namespace):
            if self._ids.get(name) != id(namespace[name]):
                digest = value_digest(namespace[name], budget=Budget())
                self.live[f"name:{name}"] = Version(
                    digest, 0, (), "was bound between cells, by a callback or thread"
                )

    def _forget_gone(self, namespace: Mapping[str, Any]) -> None:
        for name in self._ids:
            if name not in namespace:
                known = self.live.get(f"name:{name}", MISSING)
                if known.digest != ABSENT:
                    self.live[f"name:{name}"] = MISSING

    def _user_names(self, namespace: Mapping[str, Any]) -> list[str]:
        hidden = self._hidden
        return [name for name in namespace if not hidden[name]]


def _with_digest(version: Version, *, digest: str | None) -> Version:
    """Return the version with another digest."""
    return Version(digest, version.order, version.touched if digest is None else (), version.why_unknown)


def _uses(versions: Mapping[str, Version]) -> tuple[Use, ...]:
    return tuple(Use(resource, versions[resource]) for resource in sorted(versions))


def _with_write(run: CellRun, use: Use) -> CellRun:
    return msgspec.structs.replace(run, writes=(*run.writes, use))
