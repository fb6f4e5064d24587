"""``%repro golden record|check|show|calibrate NAME``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import GoldenExists
from jupyter_repro.goldens.file import FOLDER, golden_path, read_golden
from jupyter_repro.goldens.mode import ASKED, OUT, PLACE
from jupyter_repro.reports.golden_html import golden_html
from jupyter_repro.reports.golden_text import calibrated_text, golden_text

from .golden_display import publish
from .status_display import shows_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.golden import Golden as Reference

    from .requests import Golden
    from .session import Session

__all__ = ["golden"]


def golden(session: Session, request: Golden, *, tell: Callable[[str], None]) -> None:
    """Do what the line asks for.

    Raises:
        GoldenExists: A reference is there, and was not to be replaced.
        NoGolden: There is none.
        NoNotebook: A calibration needs the notebook's file.
    """
    if os.environ.get(OUT):
        return  # `jupyter repro golden` runs this notebook, and decides what its blocks do
    path = golden_path(Path(os.environ.get(PLACE) or FOLDER), request.name)
    if request.act == "record":
        if path.is_file() and not request.replace:
            raise GoldenExists(
                f"there is a reference `{path}` already",
                remedy=f"check against it, or write over it: `%repro golden record {request.name} replace`",
            )
        ASKED[request.name] = "replace" if request.replace else "record"
        tell(
            f"repro: the next block of `golden({request.name!r})` writes `{path}`, those after it are checked"
        )
        return
    if request.act == "calibrate":
        _calibrate(session, request, tell)
        return
    reference = read_golden(path)
    if request.act == "show":
        _show(session, reference, golden_text(reference))
        return
    ASKED.pop(request.name, None)
    head = golden_text(reference).splitlines()[0]
    tell(f"{head}\nrepro: the next block of `golden({request.name!r})` is checked against it")


def _calibrate(session: Session, request: Golden, tell: Callable[[str], None]) -> None:
    from jupyter_repro.goldens.acts import calibrate, target_of

    notebook = session.notebook()
    folder = str(Path(os.environ.get(PLACE) or FOLDER).absolute())

    def progress(done: int, count: int) -> None:
        tell(f"repro: run {done + 1} of {count} of `{notebook.name}`, in a fresh kernel")

    for reference, _ in calibrate(target_of(str(notebook), (), folder), runs=request.runs, progress=progress):
        tell(calibrated_text(reference))


def _show(session: Session, reference: Reference, text: str) -> None:
    publish(session.shell, text, golden_html(reference) if shows_html(session.shell) else "")
