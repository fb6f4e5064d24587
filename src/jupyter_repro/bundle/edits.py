"""Which installed files are no longer the ones that their RECORD names."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from .record import hash_stream
from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .dists import Distribution
    from .record import RecordRow

__all__ = ["edited_files"]

_WORKERS = 4


def edited_files(dists: Sequence[Distribution]) -> dict[str, tuple[str, ...]]:
    """Return, by normalised name, the recorded files whose bytes have changed or which are gone.

    Reads every installed file once. Distributions without edits are left out.
    """
    with ThreadPoolExecutor(max_workers=min(_WORKERS, os.cpu_count() or 1)) as pool:
        found = pool.map(_edited, dists)
        edited = {}
        try:
            for dist, paths in zip(dists, found, strict=True):
                go_on()
                if paths:
                    edited[dist.key] = paths
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return edited


def _edited(dist: Distribution) -> tuple[str, ...]:
    return tuple(row.path for row in dist.rows if not _intact(dist.site, row))


def _intact(site: Path, row: RecordRow) -> bool:
    algorithm, _, _ = row.hash.partition("=")
    if algorithm not in hashlib.algorithms_available:
        return True  # byte code and RECORD itself carry no hash
    try:
        with (site / row.path).open("rb") as file:
            return hash_stream(file, algorithm=algorithm).hash == row.hash
    except OSError:
        return False
