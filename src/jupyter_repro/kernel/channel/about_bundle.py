"""The section on the bundle: what an export would hold, before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import ExportRefused, NoNotebook
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.exporting import export_options, refuse_unsaved
from jupyter_repro.kernel.requests import Export

from .limits import capped
from .refused import refusals
from .replies import BundlePlan
from .sections import BundlePart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_repro.bundle.options import ExportWish
    from jupyter_repro.bundle.plan import ExportPlan
    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records import Status

__all__ = ["bundle_plan"]

_AS_IT_IS = frozenset({"reproduced", "not run", "unknown"})


def bundle_plan(
    identity: str, session: Session, status: Status, wish: ExportWish | None = None
) -> BundlePlan:
    """Return the parts of a bundle with what is known of their size, and what would refuse it now.

    Args:
        identity: Of the request.
        session: This kernel's.
        status: The facts of the moment: a cell that departs shows what a fresh run would not give.
        wish: What is asked of the bundle; None: nothing beside the defaults.
    """
    path = session.path()
    if path is None:
        missing = NoNotebook("no notebook path is known for this kernel", remedy="save the notebook")
        return BundlePlan(
            id=identity,
            suggested="paper.repro.zip",
            parts=(),
            bytes=0,
            refused=missing.message,
            remedy=missing.remedy,
            command="uv run paper.repro.zip",
        )
    refused = remedy = ""
    try:
        refuse_unsaved(session, path)
    except ExportRefused as error:
        refused, remedy = error.message, error.remedy
    plan = _planned(session, path, wish)
    against = [(each.code, each.message, each.remedy) for each in plan.refusing]
    waived = {each.code for each in wish.waivers} if wish is not None else set()
    if (wish is None or wish.prove) and "RP801" not in waived:
        against += _departed(status)
    parts = tuple(
        BundlePart(name=part.name, files=part.files, bytes=part.size, note=part.note) for part in plan.parts
    )
    return BundlePlan(
        id=identity,
        suggested=f"{path.stem}.repro.zip",
        parts=parts,
        bytes=plan.size(),
        refused=refused,
        remedy=remedy,
        command=f"uv run {path.stem}.repro.zip",
        sentence=plan.sentence(),
        unknown=tuple(capped(each) for each in plan.unknown),
        refusals=refusals(against),
    )


def _planned(session: Session, path: Path, wish: ExportWish | None) -> ExportPlan:
    """Return what `%repro export plan` tells."""
    from jupyter_repro.bundle.plan import plan_export

    request = Export() if wish is None else Export(wish=wish)
    with unwatched():
        return plan_export(path, options=export_options(session, request))


def _departed(status: Status) -> Iterator[tuple[str, str, str]]:
    for cell in status.cells:
        if cell.verdict not in _AS_IT_IS:
            yield (
                "RP801",
                f"{cell.label} is {cell.verdict}: a fresh run would not give what it shows",
                status.plan.sentence,
            )
