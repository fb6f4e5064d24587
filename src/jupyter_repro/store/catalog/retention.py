"""Which records may go, and which never do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import StorageFailed

from .folder import FolderStore
from .form import OBJECTS, object_name, run_name
from .index import Wanted
from .pins import pinned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records.catalog import Run

    from .catalog import Catalog

__all__ = ["Going", "Policy", "collect", "what_goes"]

_DAY_S = 86_400.0
_YOUNG_S = _DAY_S
"""An object that no record refers to may be one whose record is just being written."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept; a run stays if any of these keeps it."""

    keep: int | None = None
    """So many of each notebook, the newest."""
    keep_days: float | None = None
    notebook: str = ""
    """Only runs of this one may go; empty: of all."""


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """What would go, and why the rest stays."""

    runs: tuple[Run, ...]
    objects: tuple[str, ...]
    kept: dict[str, int]
    """How many stay, by reason."""
    bytes: int


def what_goes(catalog: Catalog, policy: Policy, *, now: float | None = None) -> Going:
    """Return what a policy removes; nothing is removed yet.

    A run stays that made a bundle, whose kernel made one, that is pinned, or that holds a decision of its own.

    Raises:
        StorageFailed: A record cannot be read: then nobody knows what it refers to, and nothing may go.
    """
    now = time.time() if now is None else now
    catalog.update()
    if catalog.damaged:
        raise StorageFailed(
            f"nothing is removed while a record cannot be read ({catalog.damaged[0]})",
            remedy="`jupyter repro runs fsck` tells all damage; restore the records or remove them by hand",
        )
    runs = catalog.find(Wanted())
    kept: dict[str, int] = {}
    going = []
    reasons = _reasons(catalog, runs, policy, now)
    for run in runs:
        if run.id in reasons:
            kept[reasons[run.id]] = kept.get(reasons[run.id], 0) + 1
        else:
            going.append(run)
    staying = {digest for run in runs if run.id in reasons for digest in catalog.objects_of(run)}
    objects = tuple(_unused(catalog, staying, now))
    size = sum(catalog.store.size(run_name(run.id)) for run in going)
    size += sum(catalog.store.size(object_name(digest)) for digest in objects)
    return Going(runs=tuple(going), objects=objects, kept=kept, bytes=size)


def collect(catalog: Catalog, going: Going) -> None:
    """Remove it: records first, so that no record ever refers to what has gone.

    Raises:
        StorageFailed: The store refuses; what is left can be removed by another call.
    """
    for run in going.runs:
        catalog.store.remove(run_name(run.id))
    catalog.index.forget([run.id for run in going.runs])
    # what was published since may refer to one of these objects
    catalog.update()
    needed = {digest for run in catalog.find(Wanted()) for digest in catalog.objects_of(run)}
    if isinstance(catalog.store, FolderStore):
        catalog.store.clean(time.time() - _YOUNG_S)
    for digest in going.objects:
        if digest not in needed and _is_old(catalog, digest, time.time()):
            catalog.store.remove(object_name(digest))


def _reasons(catalog: Catalog, runs: Sequence[Run], policy: Policy, now: float) -> dict[str, str]:
    """Return why runs stay; the newest come first."""
    pins = pinned(catalog.store)
    exporting = {run.kernel for run in runs if run.bundle is not None and run.kernel}
    counts: dict[str, int] = {}
    found = {}
    for run in runs:
        counts[run.notebook] = counts.get(run.notebook, 0) + 1
        if run.id in pins:
            found[run.id] = "pinned"
        elif run.bundle is not None or run.kernel in exporting:
            found[run.id] = "behind a bundle"
        elif run.kind == "note":
            found[run.id] = "a decision"
        elif (
            policy.notebook
            and run.notebook.rpartition("/")[2] != policy.notebook
            and run.notebook != policy.notebook
        ):
            found[run.id] = "of another notebook"
        elif policy.keep is not None and counts[run.notebook] <= policy.keep:
            found[run.id] = f"among the newest {policy.keep} of its notebook"
        elif policy.keep_days is not None and now - run.made <= policy.keep_days * _DAY_S:
            found[run.id] = f"of the last {policy.keep_days:g} days"
    return found


def _unused(catalog: Catalog, staying: set[str], now: float) -> list[str]:
    stored = (name.removesuffix(".json") for name in catalog.store.names(OBJECTS))
    return [digest for digest in stored if digest not in staying and _is_old(catalog, digest, now)]


def _is_old(catalog: Catalog, digest: str, now: float) -> bool:
    written = catalog.store.changed(object_name(digest))
    return written is not None and now - written > _YOUNG_S
