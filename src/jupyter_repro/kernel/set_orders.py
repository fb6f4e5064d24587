"""Cell runs that go through a set in its own order, in a kernel whose hash seed is its own."""

from __future__ import annotations

import functools
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Leak

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jupyter_repro.entropy.set_order import SetPlan
    from jupyter_repro.replay.open_run import OpenRun

__all__ = ["SetOrders"]

_SETS = (set, frozenset)
_MANY = 100_000
"""Elements whose types are looked at, a millisecond or two; a larger set counts as one of texts."""
_STEADY = (bool, complex, float, int)


class SetOrders:
    """Tells the walks of each run, also those in functions that an earlier cell has defined."""

    def __init__(self) -> None:
        self._walkers: dict[str, tuple[Leak, ...]] = {}
        """Walks inside functions and classes, by the name that the notebook has for these."""

    def of(self, run: OpenRun, namespace: Mapping[str, Any]) -> tuple[Leak, ...]:
        """Return the walks of a run that ends, nothing where the hash seed is fixed."""
        source = run.before.source
        reads = run.may_read
        named = any(type(namespace.get(name)) in _SETS for name in reads)
        if not (named or _may_spell(source) or self._forgets(source)):
            return () if self._walkers.keys().isdisjoint(reads) else self._through(reads, namespace)
        if _fixed():
            return ()
        return (*self._own(run, namespace), *self._through(reads, namespace))

    def _own(self, run: OpenRun, namespace: Mapping[str, Any]) -> tuple[Leak, ...]:
        from jupyter_repro.entropy.set_order import set_plan, set_walks

        source = run.before.source
        plan = set_plan(source)
        if plan is None:
            return ()
        kinds = _kinds(plan, namespace)
        walks = set_walks(source, kinds) if plan.spells or True in kinds.values() else ()
        lines = source.split("\n")
        own: list[Leak] = []
        homes: dict[str, list[Leak]] = {name: [] for name in plan.homes}
        for walk in walks:
            text = lines[walk.line - 1].strip() if walk.line <= len(lines) else ""
            leak = Leak(kind="set order", what=walk.text, line=walk.line, text=text, source=run.before.digest)
            (homes[walk.home] if walk.home else own).append(leak)
        self._walkers.update({name: tuple(leaks) for name, leaks in homes.items()})
        own += (leak for name in plan.homes & plan.uses for leak in homes[name])
        return tuple(own)

    def _through(self, reads: Collection[str], namespace: Mapping[str, Any]) -> tuple[Leak, ...]:
        found = (
            leak
            for name in reads
            if isinstance(namespace.get(name), (FunctionType, type))
            for leak in self._walkers.get(name, ())
        )
        return () if _fixed() else tuple(found)

    def _forgets(self, source: str) -> bool:
        """Whether a source may define anew what is known to walk."""
        return bool(self._walkers) and ("def " in source or "class " in source)


def _may_spell(source: str) -> bool:
    if "{" not in source and "set(" not in source:
        return False
    from jupyter_repro.entropy.set_order import may_spell

    return may_spell(source)


@functools.cache
def _fixed() -> bool:
    from jupyter_repro.determinism.switches.hash_seed import hash_seed_in_force

    return hash_seed_in_force() is not None


def _kinds(plan: SetPlan, namespace: Mapping[str, Any]) -> dict[str, bool]:
    """Tell of names whether their set hangs on the hash seed (True), or they hold numbers alone (False)."""
    found: dict[str, bool] = {}
    for name in plan.walked | plan.filled:
        top, dot, column = name.partition(".")
        value: Any = namespace.get(top)
        kind = type(value)
        if dot:
            if (
                _is_pandas(value, "DataFrame")
                and column in value.columns
                and _is_array_of_numbers(value[column])
            ):
                found[name] = False
            continue
        if kind in _SETS:
            # of one that is empty by now nobody knows what it held
            found[name] = not (value and _holds_numbers(value))
        elif name not in plan.filled:
            continue
        elif (
            kind is range or (kind in (list, tuple) and _holds_numbers(value)) or _is_array_of_numbers(value)
        ):
            found[name] = False
    return found


def _holds_numbers(values: Collection[Any]) -> bool:
    return len(values) <= _MANY and all(map(_is_steady, set(map(type, values))))


def _is_array_of_numbers(value: Any) -> bool:
    kind = type(value)
    is_array = kind.__module__ == "numpy" and kind.__name__ == "ndarray"
    return (is_array or _is_pandas(value, "Series")) and value.dtype.kind in "biufc"


def _is_pandas(value: Any, name: str) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(value) is vars(pandas).get(name)


def _is_steady(kind: type) -> bool:
    return kind in _STEADY or (
        kind.__module__ == "numpy" and kind.__name__.startswith(("int", "uint", "float", "bool"))
    )
