"""The sections on files and recorded runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.inputs.audit import unwatched

from .limits import MOST_CAUSES, MOST_ROWS, capped
from .replies import Diff, Inputs, Runs, Tracked
from .sections import RunInShort, TrackedInShort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.inputs import SeenFile
    from jupyter_repro.records.trackers import TrackedRun

__all__ = ["diff", "inputs", "runs", "tracked"]


def inputs(identity: str, session: Session) -> Inputs:
    """Return the files that cells read and wrote."""
    from jupyter_repro.kernel.seen_inputs import seen_inputs

    with (
        unwatched()
    ):  # and without the session's lock: a large file may be read, and the next cell must not wait
        seen = seen_inputs(session)
    return Inputs(
        id=identity,
        inputs=msgspec.structs.replace(
            seen,
            files=tuple(_file_in_short(each) for each in seen.files[:MOST_ROWS]),
            contacts=seen.contacts[:MOST_ROWS],
        ),
        more_files=max(0, len(seen.files) - MOST_ROWS),
    )


def _file_in_short(file: SeenFile) -> SeenFile:
    return msgspec.structs.replace(
        file,
        read_by=file.read_by[:MOST_CAUSES],
        written_by=file.written_by[:MOST_CAUSES],
        note=capped(file.note),
    )


def tracked(identity: str, session: Session, paths: Sequence[str], *, accept: bool) -> Tracked:
    """Write down the digests of files, or take changed ones over.

    Raises:
        NotTracked: A path is not there, or not tracked.
        BadManifest: The manifest of data cannot be read.
        StorageFailed: It cannot be written.
    """
    from jupyter_repro.inputs.tracking import accept as take_over
    from jupyter_repro.inputs.tracking import project_at, track
    from jupyter_repro.reports.data_text import compared_text
    from jupyter_repro.store.digests import cache_beside

    with unwatched():
        project = project_at(session.folder())
        with cache_beside(project.top) as cache:
            found = (take_over if accept else track)(project, paths, cache)
    text = compared_text(found, "accept" if accept else "track", command="%repro data")
    return Tracked(id=identity, sentence=capped(text.partition("\n")[0]), manifest=Path(found.manifest).name)


def runs(identity: str, session: Session, limit: int) -> Runs:
    """Return the last recorded runs of this notebook, under whatever name it had."""
    from jupyter_repro.kernel.run_records import place_of
    from jupyter_repro.kernel.tracked_status import tracked_now
    from jupyter_repro.store.catalog.former import runs_of
    from jupyter_repro.store.catalog.index import Wanted
    from jupyter_repro.store.catalog.refreshing import refresh

    path = session.path()
    place = place_of(session)
    name, tracked_runs = tracked_now(session)
    links = tuple(map(_tracked_in_short, tracked_runs[:MOST_ROWS]))
    if not place.there:
        return Runs(id=identity, runs=(), run=name, trackers=links)
    with unwatched(), place.open() as catalog:
        refresh(catalog, place)
        found = catalog.find(Wanted(limit=limit)) if path is None else runs_of(catalog, path, limit=limit)
    runs = tuple(_in_short(run, session.kernel_id) for run in found)
    return Runs(id=identity, runs=runs, run=name, trackers=links)


def diff(identity: str, session: Session, first: str, second: str) -> Diff:
    """Return two recorded runs beside each other.

    Raises:
        BadWord: There is no such run.
    """
    from jupyter_repro.kernel.run_records import place_of
    from jupyter_repro.store.catalog.comparing import compared

    place = place_of(session)
    with unwatched(), place.open() as catalog:
        found = compared(catalog, catalog.named(first), catalog.named(second), folder=session.folder())
    return Diff(
        id=identity,
        diff=msgspec.structs.replace(
            found,
            outputs=found.outputs[:MOST_ROWS],
            explanations=found.explanations[:MOST_ROWS],
            unknown=found.unknown[:MOST_ROWS],
        ),
    )


def _in_short(run: Run, kernel: str) -> RunInShort:
    code = run.code
    commit = getattr(code, "commit", "")
    return RunInShort(
        id=run.id,
        kind=run.kind,
        made=run.made,
        verdict=run.verdict,
        headline=capped(run.headline),
        seed=None if run.seed is None else run.seed.seed,
        commit=commit[:12],
        dirty=bool(getattr(code, "dirty", False)),
        why=capped(run.why),
        bundle="" if run.bundle is None else run.bundle.name,
        this_kernel=run.kernel == kernel,
        trackers=tuple(map(_tracked_in_short, run.trackers[:MOST_CAUSES])),
    )


def _tracked_in_short(each: TrackedRun) -> TrackedInShort:
    name = "" if each.name == each.id else each.name
    return TrackedInShort(
        tracker=each.tracker,
        id=capped(each.id),
        name=capped(name),
        address=capped(each.address),
        note=capped(each.note),
    )
