"""The end of a cell run: what it changed.

Rebinding, new and deleted names are seen by comparing the namespace before and after. In-place changes
are seen by digests where a value can be looked inside, and are suspected (``touched``) from the source
where it cannot.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import ABSENT, CellRun, Margin, RngStep, Sharing, Use, Version

from .changes import Changes, View, find_changes, links_after
from .effects import effects_of, exposed_by
from .last_result import LAST_RESULT, result_of
from .ledger import ASSIGNED, budget_of
from .names import analyse_here
from .patched import is_users_module
from .rng_calls import draws_before_seeding, seeds_first
from .sensitivity import holders_of
from .versions import MISSING, UNSEEDED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.digest.values import Budget

    from .bindings import Moved
    from .ledger import Ledger
    from .open_run import After, OpenRun

__all__ = ["close_run"]

_SHARE_OF_RUN = 0.1
"""Beyond the budget, looking may take this share of the run's own time."""


def close_run(ledger: Ledger, run: OpenRun, after: After, namespace: Mapping[str, Any]) -> CellRun:
    """Bring the ledger's versions up to date; return the record of the run.

    Args:
        ledger: Where versions are kept.
        run: The run that ends.
        after: What is known of its end.
        namespace: The user's names.
    """
    moved = _moved(ledger, run, namespace, ok=after.ended == "ok")
    if run.names.stars:
        run.known_as(analyse_here(run.before.code))
    if after.failed_line is not None:
        run.ended_at(after.failed_line)
    budget = budget_of(max(ledger.budget_ms, _SHARE_OF_RUN * after.duration_s * 1000))
    writes, kept = _rebound(ledger, run, namespace, moved, budget)
    bound = {resource[5:] for resource in writes}
    _note_assigned_modules(ledger, run, after, namespace, writes)
    changes = find_changes(
        run,
        namespace,
        writes,
        View(
            digest_of=lambda value: ledger.digest(value, budget),
            known_of=lambda resource: ledger.live.get(resource, MISSING),
        ),
    )
    sharing = _sharing(ledger, run, namespace, changes, bound)
    reads = dict(run.reads)
    rng = _note_rng(ledger, run, after, reads, writes)
    _note_outside(ledger, run, after, reads, writes)
    if after.shown is not None:
        writes[LAST_RESULT] = result_of(ledger, after.shown, run.order, budget)
    ledger.live.update(writes)
    for resource in changes.touched:
        was = ledger.live.get(resource, MISSING)
        ledger.live[resource] = Version(None, was.order, (*was.touched, run.order), "not looked inside")
    _follow(ledger, run, namespace, moved)
    return CellRun(
        order=run.order,
        cell=run.before.cell,
        source=run.before.source,
        digest=run.before.digest,
        reads=_uses(reads),
        writes=_uses(writes),
        touched=tuple(changes.touched),
        margin=Margin(
            kept=_uses(kept),
            exposed=exposed_by(run, writes, changes.touched),
            may_draw=run.names.branching or run.names.has_calls or run.called.calls,
            settings=after.settings,
        ),
        sharing=sharing,
        rng=rng,
        effects=effects_of(run, after, moved=bool(changes.moved)),
        leaks=after.leaks,
        ops=after.ops,
        amp=after.amp,
        training=after.training,
        hosts=after.hosts,
        outputs=after.outputs,
        ended=after.ended,
        error=after.error,
        started=run.before.started,
        duration_s=after.duration_s,
        parent=run.parent,
    )


# -- names ------------------------------------------------------------------------------------------


def _moved(ledger: Ledger, run: OpenRun, namespace: Mapping[str, Any], *, ok: bool) -> Moved:
    """Return the names that the run bound and deleted; it has surely bound what it says, if all went well."""
    moved = ledger.bindings.moved(namespace, run.namespace, turn=run.turn)
    for name, was in run.let_go.items():
        if name not in namespace:
            moved.gone.add(name)
            ledger.bindings.forget(name)
        elif id(namespace[name]) != was.identity:
            moved.bound.add(name)
        else:
            moved.bound.discard(name)
    if ok:
        surely = run.names.writes - run.names.maybe_writes
        moved.bound.update(name for name in surely if name in namespace and not ledger.hidden[name])
    return moved


def _rebound(
    ledger: Ledger, run: OpenRun, namespace: Mapping[str, Any], moved: Moved, budget: Budget
) -> tuple[dict[str, Version], dict[str, Version]]:
    """Return what the run bound, and what it may have bound again to just what it was."""
    writes: dict[str, Version] = {}
    kept: dict[str, Version] = {}
    for name in sorted(moved.bound):
        digest = ledger.digest(namespace[name], budget)
        writes[f"name:{name}"] = Version(digest, run.order, (), "" if digest else budget.why)
    for name in (run.names.writes | run.called.mutates) - moved.bound:
        if name in namespace and not ledger.hidden[name]:
            kept[f"name:{name}"] = ledger.live.get(f"name:{name}", MISSING)
    for name in moved.gone:
        writes[f"name:{name}"] = Version(ABSENT, run.order)
    return writes, kept


def _sharing(
    ledger: Ledger, run: OpenRun, namespace: Mapping[str, Any], changes: Changes, bound: set[str]
) -> Sharing:
    before = {resource: ledger.links.of(resource) for resource in changes.changed}
    after = links_after(run, namespace, changes, bound)
    ledger.links.update(changes.writes, after)
    return Sharing(
        before=tuple((name, tuple(sorted(others))) for name, others in before.items()),
        after=tuple((name, tuple(sorted(others))) for name, others in after.items() if others),
        along=_uses({name: was for name, was in changes.beside.items() if name not in run.reads}),
    )


def _follow(ledger: Ledger, run: OpenRun, namespace: Mapping[str, Any], moved: Moved) -> None:
    """Keep the names as this run leaves them; those of a run inside another change on."""
    if run.parent is not None or run.turn + 1 != ledger.bindings.turn:
        return
    bound = run.namespace
    for name in (*moved.bound, *run.let_go):
        if name in namespace:
            bound[name] = namespace[name]
    for name in moved.gone:
        bound.pop(name, None)
    ledger.bound = bound


# -- what is no name --------------------------------------------------------------------------------


def _note_assigned_modules(
    ledger: Ledger, run: OpenRun, after: After, namespace: Mapping[str, Any], writes: dict[str, Version]
) -> None:
    """Attributes of modules that a cell assigned; a process setting among them is told apart."""
    settings = (r for r, _ in after.writes if r.startswith(("setting:", "env:")))
    known = {holder for resource in settings for holder in holders_of(resource)}
    for name in run.names.mutates:
        value = namespace.get(name)
        if type(value) is types.ModuleType and value.__name__.partition(".")[0] not in known:
            ledger.assigned_modules[id(value)] = value
            if not is_users_module(vars(value)):  # those are looked into
                writes[f"module:{value.__name__}"] = Version(None, run.order, (), ASSIGNED)


def _note_outside(
    ledger: Ledger, run: OpenRun, after: After, reads: dict[str, Version], writes: dict[str, Version]
) -> None:
    """Files, settings and modules."""
    for use in after.reads:
        known = ledger.live.get(use.resource)
        same = known is not None and known.digest == use.version.digest
        reads[use.resource] = known if known is not None and same else use.version
    for resource, digest in after.writes:
        writes[resource] = Version(digest, run.order)


def _note_rng(
    ledger: Ledger, run: OpenRun, after: After, reads: dict[str, Version], writes: dict[str, Version]
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
        if before is None and resource not in ledger.live and now == after.arrived.get(stream):
            # a library came and no seed is set: nothing was drawn since
            continue
        known = _rng_version(ledger, resource, before)
        looked = stream in after.asked or run.names.rng_state or run.called.rng_state
        if now == before and family in draws_before_seeding(run.before.code, ledger.namespace):
            looked = True
        if now not in (before, known.digest) or looked:
            reads[resource] = known
            writes[resource] = Version(now, run.order)
    return tuple(steps)


def _rng_version(ledger: Ledger, resource: str, before: str | None) -> Version:
    """Return the version that the run found; a state that no recorded run left was not seeded."""
    known = ledger.live.get(resource, UNSEEDED)
    if before is None or known.digest == before:
        return known
    return Version(None, 0, (), "moved between cells" if known.digest else UNSEEDED.why_unknown)


def _uses(versions: Mapping[str, Version]) -> tuple[Use, ...]:
    return tuple(Use(resource, versions[resource]) for resource in sorted(versions))
