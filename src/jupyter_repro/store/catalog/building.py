"""From what a kernel did to the record of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import ABSENT
from jupyter_repro.records.catalog import Bundled, RanCell, Run, RunInput, RunKind, RunNote
from jupyter_repro.records.settings import SeedPlan, Setting  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.records.trackers import DataRevision, TrackedRun  # noqa: TC001 - as above
from jupyter_repro.version import __version__

from .catalog import Parcel
from .form import code_object, environment_object
from .ids import made_at, new_run_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_repro.records import CellRun, Document, Environment

__all__ = ["Told", "beyond_us", "cells_of", "does_something", "inputs_of", "parcel_of"]

_OURS = ("#", "%load_ext", "%reload_ext", "%repro")
_INPUTS = ("file:", "module:")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a run beside its environment."""

    kind: RunKind
    kernel: str = ""
    notebook: str = ""
    started: float | None = None
    seed: SeedPlan | None = None
    settings: tuple[Setting, ...] = ()
    inputs: tuple[RunInput, ...] = ()
    cells: tuple[RanCell, ...] = ()
    verdict: str = ""
    headline: str = ""
    notes: tuple[RunNote, ...] = ()
    checkpoints: tuple[str, ...] = ()
    trackers: tuple[TrackedRun, ...] = ()
    data: tuple[DataRevision, ...] | None = None
    bundle: Bundled | None = None
    absent: Mapping[str, str] = {}


def parcel_of(
    told: Told, environment: Environment, *, run_id: str | None = None, made: float | None = None
) -> Parcel:
    """Return the record with all that it refers to.

    Args:
        told: The facts.
        environment: What the run stood on.
        run_id: Its name; None makes one.
        made: When it was made, in seconds since 1970; None: when it was named.
    """
    run_id = new_run_id() if run_id is None else run_id
    code, held = code_object(environment.git)
    digest, data = environment_object(environment)
    run = Run(
        id=run_id,
        kind=told.kind,
        made=made_at(run_id) if made is None else made,
        started=told.started,
        kernel=told.kernel,
        notebook=told.notebook,
        code=code,
        environment=digest,
        seed=told.seed,
        settings=told.settings,
        inputs=told.inputs,
        configs=environment.configs,
        cells=told.cells,
        verdict=told.verdict,
        headline=told.headline,
        notes=told.notes,
        checkpoints=told.checkpoints,
        trackers=told.trackers,
        data=told.data,
        bundle=told.bundle,
        absent=dict(told.absent),
        made_with=__version__,
    )
    return Parcel(run, ((digest, data), *((held,) if held is not None else ())))


def inputs_of(runs: Iterable[CellRun]) -> tuple[RunInput, ...]:
    """Return the files and modules that cell runs read as no cell had made them; of each the first version."""
    found: dict[str, RunInput] = {}
    made: set[str] = set()
    for run in runs:
        for use in run.reads:
            version = use.version
            if not use.resource.startswith(_INPUTS) or use.resource in found or use.resource in made:
                continue
            if version.order or version.digest == ABSENT:
                continue
            found[use.resource] = RunInput(
                resource=_without_home(use.resource),
                digest=version.digest,
                why="" if version.digest else version.why_unknown or "not looked inside",
            )
        made |= {use.resource for use in run.writes}
    return tuple(found[name] for name in sorted(found))


def cells_of(
    runs: Sequence[CellRun], document: Document | None, verdicts: Mapping[str, str]
) -> tuple[RanCell, ...]:
    """Return the latest run of each cell, in document order; cells that are in it no more come last.

    Args:
        runs: What the kernel ran.
        document: The cells as they are now; None: not known.
        verdicts: By cell.
    """
    cells = () if document is None else document.cells
    by_source = {cell.digest: str(cell.id) for cell in cells}
    latest: dict[str, CellRun] = {}
    for run in runs:
        if run.parent is None and run.ended != "not compiled":
            # some front ends send no ids
            latest[run.cell or by_source.get(run.digest, f"source-{run.digest[:12]}")] = run
    labels = {str(cell.id): cell.label for cell in cells}
    order = {cell: number for number, cell in enumerate(labels)}
    ranked = sorted(latest, key=lambda cell: (order.get(cell, len(order)), latest[cell].order))
    return tuple(
        RanCell(
            id=cell,
            label=labels.get(cell, f"run {latest[cell].order}"),
            source=latest[cell].digest,
            outputs=latest[cell].outputs if beyond_us(latest[cell].source) else "",
            ended=latest[cell].ended,
            order=latest[cell].order,
            duration_s=latest[cell].duration_s,
            verdict=verdicts.get(cell, ""),
        )
        for cell in ranked
    )


def _without_home(resource: str) -> str:
    """Return the resource without the user's name: records are shared."""
    home = os.path.expanduser("~").rstrip("/")  # noqa: PTH111 - Path.home raises where there is none
    kind, _, path = resource.partition(":")
    return f"{kind}:~{path[len(home) :]}" if home and path.startswith(f"{home}/") else resource


def does_something(runs: Iterable[CellRun]) -> bool:
    """Tell whether cells did more than load us and ask us."""
    return any(beyond_us(run.source) for run in runs)


def beyond_us(source: str) -> bool:
    """Tell whether a source does more than load us and ask us."""
    lines = (line.strip() for line in source.splitlines())
    return any(line and not line.startswith(_OURS) for line in lines)
