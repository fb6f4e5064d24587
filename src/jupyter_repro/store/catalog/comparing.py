"""Two runs of a catalog beside each other, with all that they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.environments.changed_files import changed_files
from jupyter_repro.environments.drift import drift
from jupyter_repro.errors import BadRecord
from jupyter_repro.records import Git

from .compare import compare_runs

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.catalog import Run
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.run_diff import RunDiff

    from .catalog import Catalog

__all__ = ["compared", "tells_imports"]


def compared(catalog: Catalog, first: Run, second: Run, *, folder: Path) -> RunDiff:
    """Return what differs between two runs.

    Args:
        catalog: That holds them.
        first: The earlier one, or the reference.
        second: The other.
        folder: Of a repository that may hold both commits.
    """
    return compare_runs(first, second, _drift(catalog, first, second, folder))


def tells_imports(run: Run) -> bool:
    """Whether the record tells everything that the run imported."""
    return run.kind in ("session", "export") and "environment" not in run.absent


def _drift(catalog: Catalog, first: Run, second: Run, folder: Path) -> Drift | None:
    try:
        before, after = catalog.environment(first), catalog.environment(second)
    except BadRecord:
        return None
    one, other = before.git, after.git
    files = (
        changed_files(folder, one.commit, other.commit)
        if isinstance(one, Git) and isinstance(other, Git) and one.commit != other.commit
        else None
    )
    return drift(before, after, imports_known=tells_imports(first), changed_files=files)
