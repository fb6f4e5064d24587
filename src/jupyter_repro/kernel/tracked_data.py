"""What the record of cells says to trackers: the files that cells stand on, and what other tools call data."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.inputs.hashing import digests_of, no_progress
from jupyter_repro.inputs.on_disk import known_without_bytes
from jupyter_repro.store.catalog.building import inputs_of
from jupyter_repro.store.digests import cache_beside
from jupyter_repro.trackers.datasets import dataset_revisions
from jupyter_repro.trackers.dvc import Compared, dvc_revisions
from jupyter_repro.trackers.hydra import OVERRIDES, job_of
from jupyter_repro.trackers.ours import KnownInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records.trackers import DataRevision, TrackedRun

    from .session import Session
    from .verdict import Record

__all__ = ["SMALL", "data_revisions", "dvc_facts", "hydra_jobs", "hydra_overrides", "known_inputs"]

SMALL = 256 << 20
"""Files of up to so many bytes are read when a cell ends in which a tracker's run was open, and in all for a record."""
_AT_A_STATUS = 32 << 20
_COMPARED: weakref.WeakKeyDictionary[Record, Compared] = weakref.WeakKeyDictionary()
_SHA256 = 64
_NO_DATA = frozenset({"mlruns", "mlartifacts", "wandb", ".hydra", ".config", ".git", ".netrc"})
"""Where trackers and programs keep their own; no other tool is told of it."""
_STORES = (".db", ".db-wal", ".db-shm", ".db-journal")
_FILE = "file:"


def known_inputs(session: Session, *, most_bytes: int) -> tuple[list[KnownInput], int]:
    """Return the data files that cells read, with the digest of what they read, and how many are too large to be read here."""
    found: list[KnownInput] = []
    large: dict[str, tuple[str, str]] = {}
    left = 0
    for name, path, digest in _files(session):
        if len(digest) == _SHA256:
            found.append(KnownInput(name, path, digest))
        elif digest == known_without_bytes(Path(path)):  # else it is another one by now
            if Path(path).stat().st_size <= most_bytes:
                large[path] = (name, digest)
            else:
                left += 1
    if large:
        with cache_beside(session.folder()) as cache:
            read = digests_of(list(large), cache, no_progress())
        found += [KnownInput(large[path][0], path, each.sha256) for path, each in read.items() if each.sha256]
    return sorted(found), left


def _files(session: Record) -> Iterator[tuple[str, str, str]]:
    """Yield name, path and digest of what cells read and no cell had made."""
    folder = session.folder()
    for each in inputs_of(session.ledger.runs):
        name = each.resource.removeprefix(_FILE)
        if each.resource.startswith(_FILE) and each.digest is not None and not _is_trackers_own(name):
            yield name, os.path.normpath(folder / os.path.expanduser(name)), each.digest  # noqa: PTH111 - joined at once


def _is_trackers_own(name: str) -> bool:
    parts = name.split("/")
    return bool(_NO_DATA.intersection(parts)) or (
        parts[-1].startswith("mlflow") and parts[-1].endswith(_STORES)
    )


def data_revisions(session: Session, *, in_all: int | None = SMALL) -> tuple[DataRevision, ...]:
    """Return what DVC and Hugging Face call the data of the notebook.

    Args:
        session: Whose cells are meant.
        in_all: So many bytes of files are read to be compared with DVC's MD5; None: as many as there are.
    """
    names = session.names
    namespace = {name: each for name, each in list(session.shell.user_ns.items()) if not names[name]}
    paths = [path for _, path, _ in _files(session)]
    return (
        *dvc_revisions(paths, folder=str(session.folder()), in_all=in_all, compared=compared_of(session)),
        *dataset_revisions(namespace),
    )


def dvc_facts(session: Record) -> tuple[DataRevision, ...]:
    """Return what DVC says of the files that cells read, for a status: little is read, and what was compared is known."""
    paths = [path for _, path, _ in _files(session)]
    return dvc_revisions(
        paths, folder=str(session.folder()), in_all=_AT_A_STATUS, compared=compared_of(session)
    )


def compared_of(session: Record) -> Compared:
    """Return what this kernel has compared with DVC's MD5."""
    return _COMPARED.setdefault(session, Compared())


def hydra_overrides(session: Session) -> dict[str, str | None]:
    """Return the files of overrides that jobs of Hydra wrote, absolute, each with the cell in which the job ran."""
    folder = session.folder()
    return {
        os.path.normpath(folder / use.resource.removeprefix(_FILE)): run.cell
        for run in session.ledger.runs
        for use in run.writes
        if use.resource.startswith(_FILE) and use.resource.endswith(f"/{OVERRIDES}")
    }


def hydra_jobs(session: Session) -> tuple[TrackedRun, ...]:
    """Return the jobs of Hydra's app mode that cells ran."""
    folder = str(session.folder())
    return tuple(
        job_of(path, folder=folder, cell=cell) for path, cell in sorted(hydra_overrides(session).items())
    )
