"""In-place changes of one cell run, found by comparing what it could reach with what it was before."""

from __future__ import annotations

import itertools
import types
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records import Version

from .shares import ATOMS, is_fixed, objects_of, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .open_run import OpenRun

__all__ = ["Changes", "View", "find_changes", "links_after"]

_NOTHING = object()
_NONE: frozenset[int] = frozenset()


class View(msgspec.Struct, frozen=True):
    """How values are looked at."""

    digest_of: Callable[[Any], str | None]
    """Digest of a value now."""
    known_of: Callable[[str], Version]
    """Version of a resource before the run."""


class Changes(msgspec.Struct):
    """What changed in place."""

    writes: dict[str, Version]
    """Grows by the names whose new content is known, or which were surely changed."""
    touched: list[str] = msgspec.field(default_factory=list)
    changed: list[str] = msgspec.field(default_factory=list)
    along: list[str] = msgspec.field(default_factory=list)
    beside: dict[str, Version] = msgspec.field(default_factory=dict)
    """Of the writes, what was found through what it shares, as it was before."""
    moved: list[Any] = msgspec.field(default_factory=list)
    """The objects that changed or may have, as they were bound before."""


def find_changes(
    run: OpenRun,
    namespace: Mapping[str, Any],
    writes: dict[str, Version],
    view: View,
) -> Changes:
    """Return the in-place changes of a run; ``writes`` holds what it bound, and grows.

    Args:
        run: The run, with its names as they were.
        namespace: The names as they are.
        writes: Versions that it bound.
        view: How to look at values.
    """
    changes = Changes(writes)
    for name in sorted(run.may_read & run.namespace.keys()):
        value = run.namespace[name]
        if type(value) not in ATOMS or (type(value) is types.ModuleType and name in run.names.mutates):
            _compare(run, name, namespace, changes, view)
    gone = [name for name in sorted(run.let_go.keys() & run.suspected) if run.let_go[name].objects != _NONE]
    if changes.moved or gone or run.names.opaque or run.called.opaque:
        _follow_aliases(run, namespace, changes, view, gone)
    return changes


def _compare(
    run: OpenRun,
    name: str,
    namespace: Mapping[str, Any],
    changes: Changes,
    view: View,
) -> None:
    resource, value = f"name:{name}", run.namespace[name]
    before = run.reads.get(resource) or view.known_of(resource)
    digest = view.digest_of(value)
    if digest is not None and digest == before.digest:
        return
    certain = digest is not None and before.digest is not None
    surely = certain or name in run.names.mutates
    if not surely and name not in run.suspected:
        return
    changes.moved.append(value)
    changes.changed.append(resource)
    if resource in changes.writes or namespace.get(name, _NOTHING) is not value:
        return
    if surely:
        changes.writes[resource] = Version(digest, run.order)
    else:
        changes.touched.append(resource)


def _follow_aliases(
    run: OpenRun,
    namespace: Mapping[str, Any],
    changes: Changes,
    view: View,
    gone: list[str],
) -> None:
    """Look at every other name through which a changed object is reached as well.

    ``gone`` are names that were bound anew: whether their old objects changed is seen through other names.
    """
    blind = bool(run.names.opaque or run.called.opaque)
    old = _joined(run.let_go[name].objects for name in gone)
    moved = _joined((old, *map(objects_of, changes.moved)))
    before = len(changes.writes) + len(changes.touched)
    classes = {id(kind) for value in changes.moved for kind in (value, type(value)) if isinstance(kind, type)}
    for name, value in run.namespace.items():
        resource = f"name:{name}"
        if type(value) in ATOMS or resource in changes.changed:
            continue
        shares = blind or share(objects_of(value), moved)
        # what a method writes to its class is part of every object of that class
        if not shares and id(value) not in classes and id(type(value)) not in classes:
            continue
        if shares and not blind:
            changes.along.append(resource)
        if resource in changes.writes or namespace.get(name, _NOTHING) is not value:
            continue
        known = run.reads.get(resource) or view.known_of(resource)
        digest = view.digest_of(value)
        if digest is None or known.digest is None:
            if shares and not (blind and is_fixed(value)):
                changes.touched.append(resource)
        elif digest != known.digest:
            changes.writes[resource] = Version(digest, run.order)
            changes.beside[resource] = known
    if len(changes.writes) + len(changes.touched) > before:
        changes.changed.extend(f"name:{name}" for name in gone)


def _joined(several: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    """Return all objects together; None, too many to look at, with anything is None."""
    found: frozenset[int] = _NONE
    for objects in several:
        if objects is None:
            return None
        found |= objects
    return found


def links_after(
    run: OpenRun, namespace: Mapping[str, Any], changes: Changes, bound: set[str]
) -> dict[str, frozenset[str]]:
    """Return, for each resource that the run bound or changed, the others that share objects with it now.

    What is bound anew shares with what was read, or with nothing but what was bound beside it.
    """
    fresh = {*bound, *(resource[5:] for resource in (*changes.changed, *changes.along))}
    objects = {
        name: objects_of(namespace[name])
        for name in sorted(fresh)
        if name in namespace and not is_fixed(namespace[name])
    }
    here = tuple(objects)
    may_read = run.may_read
    reached = (
        objects_of(value)
        for read in sorted(may_read & run.namespace.keys())
        if here and not is_fixed(value := run.namespace[read])
    )
    gone = (run.let_go[name].objects for name in sorted(may_read & run.let_go.keys()))
    if changes.moved or any(
        share(objects[name], read) for read in itertools.chain(reached, gone) for name in here
    ):
        for name in run.namespace.keys() - objects.keys():
            if name in namespace and not is_fixed(namespace[name]):
                objects[name] = objects_of(namespace[name])
    return {
        f"name:{name}": frozenset(
            f"name:{other}" for other in objects if other != name and share(objects[name], objects[other])
        )
        for name in here
    }
