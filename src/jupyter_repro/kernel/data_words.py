"""``%repro data`` and ``%repro inputs``: files by digest, compared, taken over, shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.canonical import dumps
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.tracking import accept, project_at, select, track, verify
from jupyter_repro.reports.data_text import compared_text, tracked_text
from jupyter_repro.store.digests import cache_beside

from .file_progress import LineProgress
from .requests import Data, ShowInputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from .session import Session

__all__ = ["about_files"]


def about_files(session: Session, request: Data | ShowInputs, *, tell: Callable[[str], None]) -> None:
    """Do what a line asks for about files.

    Raises:
        NotTracked: A path is not there, or not tracked.
        BadManifest: The manifest of data cannot be read.
        StorageFailed: It cannot be written.
    """
    if isinstance(request, ShowInputs):
        _show_inputs(session, request, tell=tell)
    else:
        _data_word(request, tell=tell)


def _show_inputs(session: Session, request: ShowInputs, *, tell: Callable[[str], None]) -> None:
    """Show which files cells have read and written, and whom they talked to."""
    from jupyter_repro.reports.inputs_text import inputs_text

    with unwatched():
        seen = session.inputs(LineProgress())
    tell(dumps(seen, indent=2).decode().rstrip() if request.json else inputs_text(seen))


def _data_word(request: Data, *, tell: Callable[[str], None]) -> None:
    """Do what a line asks for; relative paths mean the folder that cells work in."""
    with unwatched():
        project = project_at(Path.cwd(), Path(request.manifest) if request.manifest else None)
        if request.act == "list":
            files = select(project, request.paths)
            tell(
                dumps(files, indent=2).decode().rstrip()
                if request.json
                else tracked_text(files, project.path.name)
            )
            return
        do = {"track": track, "verify": verify, "accept": accept}[request.act]
        with cache_beside(project.top, trust=not request.full) as cache:
            found = do(project, request.paths, cache, LineProgress())
        if request.json:
            tell(dumps(found, indent=2).decode().rstrip())
        else:
            tell(compared_text(found, request.act, command="%repro data"))
