"""Which cell feeds which: what the latest run of each cell read, and which cell had made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .limits import MOST_ROWS
from .replies import Dataflow
from .sections import Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.records import CellRun, Document

__all__ = ["dataflow"]

_MOST_RESOURCES = 20


def dataflow(identity: str, cell: str | None, document: Document, runs: Sequence[CellRun]) -> Dataflow:
    """Return what flows between cells of the document.

    Args:
        identity: Of the request.
        cell: Only what flows into and out of this one; None: all.
        document: The cells as they are.
        runs: All cell runs of this kernel.
    """
    present = {each.id for each in document.cells}
    maker = {run.order: run.cell for run in runs}
    latest = {run.cell: run for run in runs if run.parent is None and run.cell in present}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for target, run in latest.items():
        for use in run.reads:
            # what was changed in place, unseen, comes from those that may have changed it too
            for order in (use.version.order, *use.version.touched):
                source = maker.get(order)
                if source is not None and target is not None and source != target and source in present:
                    found.setdefault((source, target), {})[use.resource] = None
    flows = [
        Flow(source=source, target=target, resources=tuple(resources)[:_MOST_RESOURCES])
        for (source, target), resources in found.items()
        if cell is None or cell in (source, target)
    ]
    return Dataflow(
        id=identity, cell=cell, flows=tuple(flows[:MOST_ROWS]), more_flows=max(0, len(flows) - MOST_ROWS)
    )
