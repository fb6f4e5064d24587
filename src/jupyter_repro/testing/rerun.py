"""A notebook's saved outputs against a run in a fresh kernel, in its own folder and this Python."""

from __future__ import annotations

import copy
import dataclasses
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from jupyter_repro.bundle.governing import kernel_environment
from jupyter_repro.bundle.standing import standing
from jupyter_repro.errors import RunFailed
from jupyter_repro.verifier.claims.judge import judged
from jupyter_repro.verifier.compare.notebook import compare_notebooks
from jupyter_repro.verifier.compare.outcome import SAME
from jupyter_repro.verifier.compare.tolerance import Tolerance
from jupyter_repro.verifier.errors import VerifierError
from jupyter_repro.verifier.execute import KernelSpec, Limits, execute
from jupyter_repro.verifier.execute_main import allow_errors
from jupyter_repro.verifier.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.bundle.notebook import Notebook
    from jupyter_repro.verifier.claims.claim import Claim

__all__ = ["rerun"]


def rerun(notebook: Notebook, claims: Sequence[Claim], *, cell_timeout_s: float | None) -> dict[str, Any]:
    """Run the notebook and return the content of a report.

    Args:
        notebook: As its author saved it; cells that show no run of theirs are not compared.
        claims: What is claimed of its cells.
        cell_timeout_s: Longest time for one cell; None sets no limit.

    Raises:
        RunFailed: The kernel does not start.
    """
    started = time.monotonic()
    saved = copy.deepcopy(notebook.node)
    stands = standing(notebook.cells, {})
    for cell in saved["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["jupyter_repro"] = {"stands": stands.get(cell["id"], {})}
    fresh = copy.deepcopy(notebook.node)
    allow_errors(fresh, [cell["id"] for cell in notebook.code_cells if _shows_error(cell)])
    kernel = KernelSpec(
        python=sys.executable,
        cwd=notebook.path.resolve().parent,
        environment=kernel_environment(os.environ, cores=os.cpu_count() or 1, cells=notebook.cells),
    )
    try:
        executed = execute(fresh, kernel=kernel, limits=Limits(cell_timeout_s=cell_timeout_s))
    except VerifierError as error:
        raise RunFailed(error.message, remedy=error.remedy) from error
    never = {cell["id"] for cell in notebook.code_cells if _never_run(cell)}
    compared = [
        dataclasses.replace(each, verdict="not run", why="the saved notebook shows no run of it")
        if each.id in never and each.verdict in (*SAME, "differs")
        else each
        for each in compare_notebooks(saved, executed.notebook)
    ]
    report = Report(bundle=notebook.path.name, notebook=notebook.path.name)
    report.compared(compared, saved, executed.notebook, [dataclasses.asdict(cell) for cell in executed.cells])
    report.claims = judged(claims, compared, saved, executed.notebook, Tolerance())
    same = all(each.verdict in (*SAME, "volatile", "not run") for each in compared) and report.claims_hold
    report.conclude("reproduced" if same else "differs", 0 if same else 1, executed.died or "")
    report.seconds = round(time.monotonic() - started, 1)
    return report.to_json()


def _shows_error(cell: dict[str, Any]) -> bool:
    return any(output.get("output_type") == "error" for output in cell["outputs"])


def _never_run(cell: dict[str, Any]) -> bool:
    return cell["execution_count"] is None and not cell["outputs"]
