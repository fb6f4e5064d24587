"""Whether the outputs that the author sees are those of the canonical run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records.proof import CellProof
from jupyter_repro.store.catalog.building import beyond_us
from jupyter_repro.verifier.compare.notebook import compare_notebooks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.verifier.compare.tolerance import Tolerance
    from jupyter_repro.verifier.compare.volatile import Mask

    from .canonical import CanonicalRun
    from .notebook import Notebook

__all__ = ["prove"]


def prove(
    notebook: Notebook, run: CanonicalRun, *, tolerance: Tolerance, masks: Sequence[Mask] = ()
) -> tuple[CellProof, ...]:
    """Return a verdict for each code cell, in document order."""
    saved = {cell["id"]: cell for cell in notebook.code_cells}
    fresh = {cell["id"]: cell for cell in run.node["cells"]}
    every = compare_notebooks(notebook.node, run.node, tolerance=tolerance, masks=masks)
    compared = {each.id: each for each in every}
    proofs = []
    for cell in notebook.cells:
        found = compared[cell.id]
        verdict, why = found.verdict, found.why
        if _never_run(saved[cell.id]):
            verdict, why = "not run", "the saved notebook shows no run of it"
        elif verdict in {"differs", "error"} and not beyond_us(cell.source):
            verdict, why = "equivalent", "it only speaks to jupyter_repro, which is no result"
        elif _ended(fresh[cell.id]) == "not run":
            verdict, why = "not run", "the canonical run stopped before it"
        proofs.append(CellProof(id=cell.id, label=cell.label, verdict=verdict, why=why))
    return tuple(proofs)


def _never_run(cell: dict[str, Any]) -> bool:
    return cell["execution_count"] is None and not cell["outputs"]


def _ended(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("jupyter_repro", {}).get("ended", "ok"))
