"""A sweep: hand the runs to an engine, keep what comes, say what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.engines.completed import completed
from jupyter_repro.records.sweeps import Sweep

from .calling import Ran
from .claim import Claim
from .kept import KeptRuns
from .plan import points_of
from .summary import claim_held, distribution, notes_of, spreads, sweep_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from jupyter_repro.engines.engine import Engine
    from jupyter_repro.records.sweeps import SweepPoint

    from .plan import Settings
    from .subject import Subject

__all__ = ["Progress", "run_sweep"]


class Progress(msgspec.Struct, frozen=True):
    """How far a sweep is."""

    done: int
    of: int
    found: int
    """Of those done, how many an earlier sweep had left."""
    failed: int


class _Job(msgspec.Struct, frozen=True):
    """One run, for the engine."""

    at: int
    call: Callable[[Any], Ran]
    task: Any


def run_sweep(
    subject: Subject,
    settings: Settings,
    *,
    engine: Callable[[], Engine],
    folder: Path | None,
    progress: Callable[[Progress], None] = lambda _progress: None,
) -> Sweep:
    """Run what no earlier sweep has left, and return what all runs say.

    Args:
        subject: What is run.
        settings: How often, and what is asked of it.
        engine: Opens where it runs, if anything has to be.
        folder: Where results are kept; None keeps none.
        progress: Called after each run.

    Raises:
        BadWord: The claim is none, or two child seeds are the same number.
    """
    claim = Claim(settings.claim) if settings.claim else None
    points = points_of(settings, subject.root)
    metrics = tuple(dict.fromkeys((*settings.metrics, *(claim.metrics if claim else ()))))
    kept = KeptRuns(folder, subject.digest, metrics)
    found = {at: ran for at, point in enumerate(points) if (ran := kept.find(point)) is not None}
    told = len(found)
    progress(Progress(told, len(points), told, 0))
    missing = {at: point for at, point in enumerate(points) if at not in found}
    for at, ran in _ran(subject, missing, engine):
        kept.keep(points[at], ran)
        found[at] = ran
        failed = sum(bool(each.error) for each in found.values())
        progress(Progress(len(found), len(points), told, failed))
    return _said(subject, settings, claim, metrics, [(point, found[at]) for at, point in enumerate(points)])


def _ran(
    subject: Subject, points: dict[int, SweepPoint], engine: Callable[[], Engine]
) -> Iterator[tuple[int, Ran]]:
    """Yield what came of each run, as it comes; one that kills its worker is a run that failed."""
    if not points:
        return
    opened, finished = engine(), False
    try:
        jobs = [
            _Job(at, subject.call, subject.task(point, remote=opened.remote)) for at, point in points.items()
        ]
        for outcome in completed(opened, _call, jobs):
            error = outcome.error
            yield (
                outcome.item.at,
                outcome.value if error is None else Ran(error=f"{type(error).__name__}: {error}"),
            )
        finished = True
    finally:
        opened.close(kill=not finished)
        subject.close()


def _call(job: _Job) -> Ran:
    return job.call(job.task)


def _said(
    subject: Subject,
    settings: Settings,
    claim: Claim | None,
    metrics: tuple[str, ...],
    ran: list[tuple[SweepPoint, Ran]],
) -> Sweep:
    points = tuple(
        msgspec.structs.replace(point, values=each.values, error=each.error) for point, each in ran
    )
    shown = metrics or tuple(dict.fromkeys(name for point in points for name in point.values))
    notes = list(notes_of(points, shown))
    if len({each.environment for _, each in ran if each.environment}) > 1:
        notes.append("the runs come from workers with different Pythons or packages")
    return Sweep(
        subject=subject.name,
        root=subject.root,
        root_from=subject.root_from,
        threads=settings.threads,
        params=subject.params,
        metrics=shown,
        points=points,
        distributions=tuple(distribution(points, name) for name in shown),
        spreads=tuple(each for name in shown for each in spreads(points, name)),
        claim=claim_held(points, claim) if claim else None,
        notes=tuple(notes),
        digest=sweep_digest(points),
    )
