"""The section on randomness: who draws, from which stream, governed by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.rng.drawn import SEEN

from .limits import MOST_ROWS, capped
from .replies import Randomness
from .sections import Leaking, Stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyter_repro.records import CellRun, Document, Leak, Setting, Status

__all__ = ["randomness"]


def randomness(
    identity: str,
    status: Status,
    document: Document,
    runs: Sequence[CellRun],
    *,
    fresh: Mapping[str, str],
) -> Randomness:
    """Return what the record tells of chance.

    Args:
        identity: Of the request.
        status: The facts of the moment.
        document: The cells as they are.
        runs: All cell runs of this kernel.
        fresh: The state of each stream right after it was seeded: who leaves it so has seeded, and drawn nothing.
    """
    latest = {run.cell or run.digest: run for run in runs if run.parent is None}
    present = [(cell.label, cell.id, latest[cell.id]) for cell in document.cells if cell.id in latest]
    drew: dict[str, list[str]] = {}
    for _, name, run in present:
        for stream, _, _ in _steps(run, fresh):
            drew.setdefault(stream, []).append(name)
    count: dict[str, int] = {}
    steps: dict[str, list[tuple[str, str]]] = {}
    for run in runs:
        for stream, before, after in _steps(run, fresh):
            count[stream] = count.get(stream, 0) + 1
            if run.parent is None:  # the run around it counts what it drew
                steps.setdefault(stream, []).append((before or "", after))
    seeded = _seeded(status.settings)
    leaks = [_leak(leak, name, label) for label, name, run in present for leak in run.leaks]
    return Randomness(
        id=identity,
        governed=status.governed,
        settings=status.settings,
        streams=tuple(
            Stream(
                name=stream,
                drew=tuple(drew.get(stream, ())),
                runs=count.get(stream, 0),
                numbers=SEEN.between(steps.get(stream, ())),
                seeded=stream in seeded or stream.partition(".")[0] in seeded,
            )
            for stream in sorted({*count, *seeded})
        ),
        leaks=tuple(leaks[:MOST_ROWS]),
    )


_NO_STREAMS = frozenset(("others", "forked children", "DataLoader workers"))
"""Settings of seeds that are about more than one generator."""


def _steps(run: CellRun, fresh: Mapping[str, str]) -> list[tuple[str, str | None, str]]:
    """Return the streams that a run drew from, with their states before and after."""
    return [
        (step.stream, step.before, step.after)
        for step in run.rng
        if step.after is not None and step.after not in (step.before, fresh.get(step.stream))
    ]


def _seeded(settings: Sequence[Setting]) -> frozenset[str]:
    prefix = "seed."
    return frozenset(
        each.name.removeprefix(prefix)
        for each in settings
        if each.name.startswith(prefix)
        and each.effect == "in force"
        and each.name.removeprefix(prefix) not in _NO_STREAMS
    )


def _leak(leak: Leak, cell: str, label: str) -> Leaking:
    return Leaking(
        cell=cell,
        label=label,
        line=leak.line,
        text=capped(leak.text),
        what=capped(leak.what),
        kind=leak.kind,
        count=leak.count,
        derived=leak.derived,
    )
