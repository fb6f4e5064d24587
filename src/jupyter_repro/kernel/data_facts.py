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

__all__ = ["data_facts"]


def data_facts(folder: Path) -> DataFacts:
    """Return what is tracked near a notebook's folder, and what cannot be seen."""
    top = git_root(folder) or folder
    return DataFacts(folder=str(folder), top=str(top), tracked=_tracked(folder), unseen=blind_spots())


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
