"""``%repro export``: what the session knows goes to the bundle."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import ExportRefused, ReproError
from jupyter_repro.records import SeedPlan

from .saved import few, unsaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.bundle.export import Exported

    from .requests import Export
    from .session import Session

__all__ = ["export", "refuse_unsaved"]

INSIDE = "JUPYTER_REPRO_RUN"
"""Set by the canonical run and by the verifier: a cell that exports must not export again there."""


def export(session: Session, request: Export, *, tell: Callable[[str], None]) -> None:
    """Write the bundle of this notebook and say what is in it.

    Raises:
        NoNotebook: The front end does not tell the notebook's path.
        ExportRefused: What ran is not what the file holds.
    """
    if os.environ.get(INSIDE):
        tell("repro: export is left out in a run that export or verify has started")
        return
    notebook = session.notebook()
    refuse_unsaved(session, notebook)
    from jupyter_repro.bundle.export import ExportOptions
    from jupyter_repro.bundle.export import export as write

    target = Path(os.path.expandvars(request.path)).expanduser()
    options = ExportOptions(
        output=target if target.is_absolute() else notebook.parent / target,
        plan=session.plan or SeedPlan(),
        settings=session.settings(),
        progress=tell,
    )
    exported = write(notebook, options=options)
    tell(exported.sentence())
    _record(session, exported, tell=tell)
    for finding in exported.findings:
        tell(f"{finding.code} {finding.severity}: {finding.message}; {finding.remedy}")


def _record(session: Session, exported: Exported, *, tell: Callable[[str], None]) -> None:
    """Put the run that made the bundle on record; the bundle is whole also where that fails."""
    from jupyter_repro.bundle.run_record import parcel_of_bundle
    from jupyter_repro.store.catalog.opening import publish

    from .run_records import place_of

    try:
        parcel = parcel_of_bundle(exported.path, kernel=session.kernel_id, notes=tuple(session.notes))
        publish(parcel, place_of(session), tell=tell)
    except ReproError as error:
        tell(f"repro: the bundle is written, but its run is not on record: {error}")


def refuse_unsaved(session: Session, notebook: Path) -> None:
    """The bundle is made from the file: it must hold what ran, save for the cell that exports."""
    cells = unsaved(session, notebook)
    if cells:
        raise ExportRefused(
            f"`{notebook.name}` on disk is older than what ran ({few(cells)})",
            remedy="save the notebook and export again",
        )
