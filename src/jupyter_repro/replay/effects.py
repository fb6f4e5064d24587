"""What of a cell run escapes the record, and what it may have changed with other inputs."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING

from .history_uses import CHANGED, PREFIXES
from .rng_calls import seeds_with_none
from .scope import is_history
from .shares import is_fixed
from .unrepeatable import drawn_by, is_assured, is_derivable

if TYPE_CHECKING:
    from collections.abc import Collection

    from .open_run import After, OpenRun

__all__ = ["effects_of", "exposed_by"]


def exposed_by(run: OpenRun, writes: Collection[str], touched: Collection[str]) -> tuple[str, ...]:
    """Return what the run may have changed in place with other inputs, and did not."""
    names = (run.suspected & run.namespace.keys()) | run.called.mutates | _of_changed_classes(run)
    return tuple(
        resource
        for name in sorted(names)
        if (resource := f"name:{name}") not in writes
        and resource not in touched
        and (name in run.called.mutates or _may_change(run, name))
    )


def _of_changed_classes(run: OpenRun) -> set[str]:
    """Return the objects of the classes that the run sets something in: what is set there is part of them."""
    held = run.namespace
    classes = {id(held[name]) for name in run.names.mutates & held.keys() if isinstance(held[name], type)}
    return {name for name, value in held.items() if id(type(value)) in classes} if classes else set()


def _may_change(run: OpenRun, name: str) -> bool:
    """Tell whether the object may change in place: also a class or function, by an assignment to its attribute."""
    value = run.namespace[name]
    return not is_fixed(value) or (name in run.names.mutates and type(value) is not types.ModuleType)


def effects_of(run: OpenRun, after: After, *, moved: bool) -> tuple[str, ...]:
    """Return why the run may go otherwise next time, a reason each.

    Args:
        run: The run.
        after: What is known of its end.
        moved: It changed a name.
    """
    names, called = run.names, run.called
    hidden = dict.fromkeys((*names.opaque, *called.opaque))
    effects = [f"not seen through: {reason}" for reason in hidden]
    unrepeatable = dict.fromkeys((*names.unrepeatable, *called.unrepeatable))
    # where the line was seen to draw, its effect says more than its source does
    seen = {leak.what.partition("(")[0] for leak in after.leaks if not leak.via and not leak.derived}
    effects.extend(
        reason
        for reason in unrepeatable
        if drawn_by(reason) not in seen
        and not is_assured(reason, run.before.source)
        and not (after.derives and is_derivable(reason))
    )
    if not after.derives and seeds_with_none(run.before.code, run.namespace):
        effects.append("it seeds a generator with None, which draws from the system's entropy")
    asked = names.past if names.past is None else names.past - {CHANGED}
    followed = asked == frozenset() or any(resource.startswith(PREFIXES) for resource in run.reads)
    history = frozenset() if followed else names.history
    history |= {name for name in called.reads if is_history(name)}
    if history:
        used = ", ".join(f"`{name}`" for name in sorted(history))
        effects.append(f"it uses the history of this kernel ({used})")
    if names.repeats and moved:
        effects.append("`%timeit` changed something, as often as time allowed")
    return (*effects, *after.effects)
