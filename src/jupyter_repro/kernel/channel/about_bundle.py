"""The section on the bundle: what an export would hold, before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import ExportRefused, NoNotebook
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.exporting import export_options, refuse_unsaved
from jupyter_repro.kernel.requests import Export

from .replies import BundlePlan
from .sections import BundlePart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_repro.kernel.session import Session

__all__ = ["bundle_plan"]


def bundle_plan(identity: str, session: Session) -> BundlePlan:
    """Return the parts of a bundle with what is known of their size, and what would refuse it now."""
    path = session.path()
    if path is None:
        missing = NoNotebook("no notebook path is known for this kernel", remedy="save the notebook")
        return _plan(identity, (), "paper.repro.zip", missing.message, missing.remedy)
    refused = remedy = ""
    try:
        refuse_unsaved(session, path)
    except ExportRefused as error:
        refused, remedy = error.message, error.remedy
    return _plan(identity, tuple(_parts(session, path)), f"{path.stem}.repro.zip", refused, remedy)


def _parts(session: Session, path: Path) -> Iterable[BundlePart]:
    """Yield what `%repro export plan` tells."""
    from jupyter_repro.bundle.plan import plan_export

    with unwatched():
        plan = plan_export(path, options=export_options(session, Export()))
    for part in plan.parts:
        yield BundlePart(name=part.name, files=part.files, bytes=part.size, note=part.note)


def _plan(identity: str, parts: tuple[BundlePart, ...], name: str, refused: str, remedy: str) -> BundlePlan:
    return BundlePlan(
        id=identity,
        suggested=name,
        parts=parts,
        bytes=sum(part.bytes or 0 for part in parts),
        refused=refused,
        remedy=remedy,
        command=f"uv run {name}",
    )
