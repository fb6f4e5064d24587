"""Is the store whole? All damage is told, not the first."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadRecord

from .form import OBJECTS, PINS, RUNS, decode_run, object_name, run_name
from .ids import is_run_id

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

    from .catalog import Catalog

__all__ = ["Checked", "check_store"]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    runs: int
    objects: int
    damage: tuple[str, ...] = ()
    """One sentence each."""
    unused: tuple[str, ...] = ()
    """Objects that no record refers to: harmless, `jupyter repro gc` removes them."""

    @property
    def whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damage


def check_store(catalog: Catalog) -> Checked:
    """Read every record and every object, and compare the index."""
    store = catalog.store
    damage: list[str] = []
    runs = dict(_runs(catalog, damage))
    names = [name for name in store.names(OBJECTS) if name.endswith(".json")]
    there = set()
    for name, data in store.read_many([f"{OBJECTS}/{each}" for each in names]):
        digest = name.rpartition("/")[2].removesuffix(".json")
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            damage.append(f"object {digest[:12]} was changed after it was written")
        else:
            there.add(digest)
    wanted = Counter(digest for objects in runs.values() for digest in objects)
    stored = {name.removesuffix(".json") for name in names}
    damage.extend(
        f"object {digest[:12]}, which {count} run{'s need' if count > 1 else ' needs'}, is missing"
        for digest, count in sorted(wanted.items())
        if digest not in stored
    )
    damage.extend(_pins(catalog, runs))
    damage.extend(_index(catalog, runs))
    return Checked(
        runs=len(runs), objects=len(there), damage=tuple(damage), unused=tuple(sorted(stored - wanted.keys()))
    )


def _runs(catalog: Catalog, damage: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each whole record's name, and the objects that it refers to."""
    names = catalog.store.names(RUNS)
    strange = [name for name in names if not is_run_id(name.removesuffix(".json"))]
    damage.extend(f"`{RUNS}/{name}` is no record" for name in strange)
    wanted = [run_name(name.removesuffix(".json")) for name in names if name not in strange]
    for name, data in catalog.store.read_many(wanted):
        run_id = name.rpartition("/")[2].removesuffix(".json")
        try:
            objects = catalog.objects_of(decode_run(data or b"", run_id=run_id))
            for digest in objects:
                object_name(digest)
        except BadRecord as error:
            damage.append(error.message)
        else:
            yield run_id, objects


def _pins(catalog: Catalog, runs: Container[str]) -> Iterator[str]:
    for name in catalog.store.names(PINS):
        run_id = name.removesuffix(".json")
        if run_id not in runs:
            yield f"run {run_id}, which is pinned, is missing"
        try:
            json.loads(catalog.store.read(f"{PINS}/{name}") or b"")
        except ValueError:
            yield f"`{PINS}/{name}` is not whole"


def _index(catalog: Catalog, runs: Collection[str]) -> Iterator[str]:
    known = catalog.index.ids()
    missing, gone = set(runs) - known, known - set(runs)
    if missing:
        yield f"the index lacks {len(missing)} runs: `jupyter repro runs reindex`"
    if gone:
        yield f"the index names {len(gone)} runs that cannot be read: `jupyter repro runs reindex`"
