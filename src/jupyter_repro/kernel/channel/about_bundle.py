"""The section on the bundle: what an export would hold, before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import ExportRefused, NoNotebook
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel.exporting import refuse_unsaved

from .replies import BundlePlan
from .sections import BundlePart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records.inputs import SeenFile

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
    from jupyter_repro.kernel.seen_inputs import seen_inputs

    with unwatched():  # without the session's lock, as in about_files
        seen = seen_inputs(session).files
    yield BundlePart(name="notebook", files=1, bytes=path.stat().st_size)
    for name, role in (("data", "data"), ("source files", "source")):
        files = [each for each in seen if each.role == role]
        if files:
            yield BundlePart(name=name, files=len(files), bytes=_sum(files), note=_left_out(files))
    packages = session.environment().packages
    yield BundlePart(
        name="lock file", files=1, bytes=None, note=f"{len(packages)} packages, locked by the export"
    )


def _sum(files: Iterable[SeenFile]) -> int | None:
    sizes = [each.size for each in files]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def _left_out(files: Iterable[SeenFile]) -> str:
    outside = sum(each.path.startswith(("/", "~")) for each in files)
    return f"{outside} of them lie outside the project and are not packed" if outside else ""


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
