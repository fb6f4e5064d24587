"""The beginning of a cell run: the versions of what it may read."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Version

from .history_uses import CHANGED
from .last_result import LAST_RESULT, read_last_result
from .ledger import ASSIGNED, BUILTINS, budget_of
from .names import analyse_here
from .open_run import Before, LetGo, OpenRun
from .reach import reach
from .shares import is_fixed, objects_of
from .versions import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.digest.values import Budget

    from .ledger import Ledger
    from .names import Names

__all__ = ["open_run"]

_BUILTINS_NOW = vars(builtins)


def open_run(
    ledger: Ledger, before: Before, namespace: Mapping[str, Any], *, order: int, parent: int | None
) -> OpenRun:
    """Open a cell run.

    Args:
        ledger: Where versions are kept.
        before: What is known of the run.
        namespace: The user's names.
        order: Its number among the runs.
        parent: The number of the run that it is inside of.
    """
    bound = _bound_now(ledger, namespace)
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
            patched=bool(ledger.assigned_modules),
        ),
        namespace=bound,
        let_go={},
        turn=ledger.bindings.turn,
        reads={},
        parent=parent,
    )
    budget = budget_of(ledger.budget_ms)
    for name in sorted(run.may_read):
        if name in run.namespace:
            run.reads[f"name:{name}"] = _look(ledger, name, run.namespace[name], budget)
        elif not ledger.hidden[name]:
            run.reads[f"name:{name}"] = MISSING
    if names.history:
        run.reads.update(_history(ledger, names, namespace, budget))
    if ledger.assigned_modules:
        _read_assigned_modules(ledger, run)
    if any(name in _BUILTINS_NOW and name not in BUILTINS for name in run.may_read - bound.keys()):
        resource = "module:builtins"
        run.reads[resource] = ledger.live.setdefault(resource, Version(None, 0, (), ASSIGNED))
    _let_go(ledger, run)
    return run


def _bound_now(ledger: Ledger, namespace: Mapping[str, Any]) -> dict[str, Any]:
    if ledger.bound is None:
        return ledger.bindings.all(namespace)
    bound, ledger.bound = ledger.bound, None
    if not bound and not ledger.runs:
        return ledger.bindings.all(namespace)
    ledger.take_note(namespace, bound, "was bound between cells, by a callback or thread")
    return bound


def _look(ledger: Ledger, name: str, value: Any, budget: Budget) -> Version:
    """Return the live version of a name, after checking that its content is still what we knew."""
    resource = f"name:{name}"
    known = ledger.live.get(resource, Version(None, 0, (), "was made before recording"))
    digest = ledger.digest(value, budget)
    if digest is None:
        seen = Version(None, known.order, known.touched, budget.why)
    elif known.digest in (digest, None):
        seen = Version(digest, known.order, (), known.why_unknown)
    else:
        seen = Version(digest, 0, (), "was changed in place, unseen by whom")
    ledger.live[resource] = seen
    return seen


def _history(
    ledger: Ledger, names: Names, namespace: Mapping[str, Any], budget: Budget
) -> dict[str, Version]:
    """Return the versions of what a cell reads of the shell's history; nothing if one of them cannot be told."""
    if names.past is None:
        return {}
    found: dict[str, Version] = {}
    if LAST_RESULT in names.past:
        last = read_last_result(ledger, names, namespace, budget)
        if last is None:
            return {}
        found[LAST_RESULT] = last
    numbered = names.past - found.keys() - {CHANGED}
    if not numbered:
        return found
    from .shell_history import read_history

    known = read_history(numbered, namespace, ledger.digest, budget)
    return {} if known is None else {**found, **known}


def _read_assigned_modules(ledger: Ledger, run: OpenRun) -> None:
    """What a cell assigned to a module is there for every cell that imports it."""
    imported = {full.partition(".")[0] for _, full in run.names.imports}
    for module in ledger.assigned_modules.values():
        resource = f"module:{module.__name__}"
        if resource in ledger.live and module.__name__.partition(".")[0] in imported:
            run.reads[resource] = ledger.live[resource]


def _let_go(ledger: Ledger, run: OpenRun) -> None:
    """Hold no value that the cell is about to free: memory and ``__del__`` are the user's."""
    names = run.names
    for name in ((names.writes | names.deletes) - names.maybe_writes) & run.namespace.keys():
        value = run.namespace[name]
        if is_fixed(value):
            continue
        shared = ledger.links.of(f"name:{name}") or ledger.live.get(f"name:{name}", MISSING).order == 0
        run.let_go[name] = LetGo(id(value), objects_of(value) if shared else frozenset())
        del run.namespace[name]
