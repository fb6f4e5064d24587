"""What rules may know of the data of a project."""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadManifest
from jupyter_repro.inputs.manifest import find_manifest, read_manifest
from jupyter_repro.inputs.opened import blind_spots
from jupyter_repro.inputs.root import git_root
from jupyter_repro.inputs.stat_cache import Signature
from jupyter_repro.rules.data_facts import DataFacts

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.trackers import DataRevision

    from .verdict import Record

__all__ = ["data_facts"]


def data_facts(record: Record) -> DataFacts:
    """Return what is tracked near a notebook's folder, what DVC says of the files, and what cannot be seen."""
    folder = record.folder()
    top = git_root(folder) or folder
    return DataFacts(
        folder=str(folder),
        top=str(top),
        tracked=_tracked(folder),
        dvc=_dvc(record, folder, top),
        unseen=blind_spots(),
    )


def _dvc(record: Record, folder: Path, top: Path) -> tuple[DataRevision, ...]:
    within = (each for each in (folder, *folder.parents) if each == top or top in each.parents)
    if not any((each / ".dvc").is_dir() for each in within):
        return ()
    from jupyter_repro.inputs.audit import unwatched

    from .tracked_data import dvc_facts

    with unwatched():
        return dvc_facts(record)


def _tracked(folder: Path) -> dict[str, tuple[str, int]]:
    place = find_manifest(folder)
    if place is None:
        return {}
    try:
        return _read(place, Signature.of(place.stat()))
    except (OSError, BadManifest):
        return {}  # every word of `%repro data` says what is wrong with it


@functools.lru_cache(maxsize=1)
def _read(place: Path, _signature: Signature) -> dict[str, tuple[str, int]]:
    """Read a manifest once for as long as it stays as it is."""
    top = str(place.parent)
    files = read_manifest(place).files.values()
    return {os.path.normpath(os.path.join(top, each.path)): (each.sha256, each.size) for each in files}  # noqa: PTH118 - 100,000 of them
