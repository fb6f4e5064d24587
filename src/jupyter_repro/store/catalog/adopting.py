"""Kernels that were killed leave a journal and no record: the record is made from it afterwards."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadNotebook, StorageFailed
from jupyter_repro.store.alive import alive
from jupyter_repro.store.place import record_folders
from jupyter_repro.store.prune import journals
from jupyter_repro.store.reading import read_journal
from jupyter_repro.store.sidecar import read_sidecar, sidecar_path
from jupyter_repro.store.tracked import read_tracked

from .building import Told, cells_of, does_something, inputs_of, parcel_of
from .ids import new_run_id, noise_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .catalog import Catalog, Parcel
    from .opening import Place

__all__ = ["adopt"]

_WHY = "the end of the kernel was not seen: it was killed, or the extension was unloaded"
_NS = 1_000_000_000


def adopt(catalog: Catalog, place: Place) -> int:
    """Publish records of kernels that ended without one; return how many.

    Args:
        catalog: Where they go; its index is up to date.
        place: Whose folder holds the journals.
    """
    done = 0
    known = catalog.index.kernels()
    for parcel in _orphans(place.folder, known):
        # another process may have been quicker: the name is that of the kernel, so there is one record
        with contextlib.suppress(StorageFailed):
            catalog.publish(parcel)
            done += 1
    return done


def _orphans(folder: Path, known: frozenset[str]) -> Iterator[Parcel]:
    for path in (path for each in record_folders(folder) for path in journals(each)):
        kernel = path.stem.removeprefix("run-")
        if kernel in known or alive(path):
            continue
        with contextlib.suppress(StorageFailed, BadNotebook):
            parcel = _parcel(path, kernel)
            if parcel is not None:
                yield parcel


def _parcel(path: Path, kernel: str) -> Parcel | None:
    content = read_journal(path)
    if content.header is None or content.header.kernel != kernel or not does_something(content.runs):
        return None
    facts = read_sidecar(sidecar_path(path.parent, kernel))
    tracked = read_tracked(path.parent, kernel)
    last = max(run.started + run.duration_s for run in content.runs)
    absent = dict.fromkeys(("verdict", "seed", "settings", "notes"), _WHY)
    if facts.latest is None:
        absent["environment"] = "it is that of the kernel's start: libraries, BLAS and imports are not in it"
    if not content.complete:
        absent["cells"] = "the journal has gaps"
    told = Told(
        kind="session",
        kernel=kernel,
        notebook=content.header.facts.get("notebook", ""),
        started=min(run.started for run in content.runs),
        inputs=inputs_of(content.runs),
        cells=cells_of(content.runs, None, {}),
        trackers=() if tracked is None else tracked.runs,
        absent=absent,
    )
    # trackers may know the run by its name already
    run_id = new_run_id(int(last * _NS), noise_of(kernel)) if tracked is None else tracked.run
    return parcel_of(told, facts.latest or facts.start, run_id=run_id, made=last)
