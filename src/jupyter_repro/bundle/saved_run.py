"""In the place of the canonical run, for ``prove=no``: what the saved notebook shows, and what is on record of its run."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import CellId, Finding

from .canonical import CanonicalRun, Trace, error_name
from .governing import governing_arguments, kernel_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import SeedPlan
    from jupyter_repro.records.catalog import RanCell, Run

    from .notebook import Notebook

__all__ = ["findings_of_record", "saved_run", "trace_of_record"]

_OURS = "jupyter_repro"
_VOLATILE = ("execution", "ExecuteTime", "papermill")
_SUFFIXES = (".py", "/__init__.py")


def saved_run(notebook: Notebook, run: Run | None, *, plan: SeedPlan) -> CanonicalRun:
    """Return the saved outputs as the reference of a bundle that nobody has proven.

    Args:
        notebook: As its author saved it.
        run: The record of the run that made these outputs: it tells which files were read.
        plan: Put in force for readers of a notebook that does not govern itself.

    Raises:
        ExportRefused: No run is on record, so nobody knows which files it reads.
    """
    if run is None:
        raise ExportRefused(
            f"no run of `{notebook.path.name}` is on record, so nobody knows which files it reads",
            remedy="run the cells with `%load_ext jupyter_repro` in the first one and write `%repro export prove=no` in "
            "the last, or leave `prove=no` out",
        )
    return CanonicalRun(
        node=_reference(notebook),
        errors={cell["id"]: name for cell in notebook.code_cells if (name := error_name(cell)) is not None},
        trace=trace_of_record(run, notebook.path),
        arguments=governing_arguments(notebook.cells, plan),
        environment=kernel_environment(os.environ, cores=os.cpu_count() or 1, cells=notebook.cells),
        seconds=sum(cell.duration_s for cell in run.cells),
    )


def findings_of_record(notebook: Notebook, run: Run) -> Iterator[Finding]:
    """Yield what keeps the saved outputs from being those of Restart & Run All, as far as the record tells."""
    ran = {cell.id: cell for cell in run.cells}
    for cell in notebook.cells:
        why = _why_not(cell.digest, ran.get(cell.id))
        if why:
            yield Finding(
                code="RP801",
                severity="warning",
                message=f"{cell.label} {why}, and no fresh run was made for the bundle",
                remedy="run all cells in a fresh kernel, save the notebook, and export again",
                cell=CellId(cell.id),
            )
    yield Finding(
        code="RP813",
        severity="info",
        message="the author exported without a run (`prove=no`): the saved outputs are the reference, not proven",
        remedy="export without `prove=no`",
    )


def _why_not(source: str, ran: RanCell | None) -> str:
    if ran is None:
        return "has no run on record"
    if ran.source != source:
        return "was edited after the run on record"
    return "" if ran.verdict in ("reproduced", "") else f"was `{ran.verdict}` when it was last looked at"


def _reference(notebook: Notebook) -> dict[str, Any]:
    node = copy.deepcopy(notebook.node)
    for cell in node["cells"]:
        cell["metadata"] = {key: each for key, each in cell["metadata"].items() if key not in _VOLATILE}
        if cell["cell_type"] == "code":
            ended = "error" if error_name(cell) else "ok"
            cell["metadata"][_OURS] = {"ended": ended}
    return node


def trace_of_record(run: Run, notebook: Path) -> Trace:
    """Return which files and modules a run read, as far as its record tells."""
    folder = notebook.resolve().parent
    read, modules = [], []
    for each in run.inputs:
        kind, _, name = each.resource.partition(":")
        path = os.path.normpath(folder / Path(name).expanduser())
        if kind == "file":
            read.append(path)
        elif kind == "module":
            there = (folder / (name.replace(".", "/") + suffix) for suffix in _SUFFIXES)
            modules += [str(file) for file in there if file.is_file()]
    return Trace(read=tuple(read), modules=tuple(modules))
