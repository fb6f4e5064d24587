"""``%repro report``: the nondeterminism report, shown or written to a file."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import StorageFailed
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records import ChanceReport, Document

    from .requests import ShowReport
    from .session import Session

__all__ = ["report", "report_of"]


def report_of(session: Session, document: Document | None = None) -> ChanceReport:
    """Return what lets two runs of a notebook differ; None takes the notebook of this kernel."""
    from jupyter_repro.reports.chance import chance_report

    status = session.status(document, environment=False)
    return chance_report(status, tuple(session.ledger.runs), loaded=frozenset(sys.modules))


def report(session: Session, request: ShowReport, *, tell: Callable[[str], None]) -> None:
    """Say what lets two runs of this notebook differ, or write it to the file that is named.

    Raises:
        StorageFailed: The file cannot be written.
    """
    from jupyter_repro.reports.chance_text import chance_text, counted

    made = report_of(session)
    if request.form == "text":
        text = chance_text(made)
    elif request.form == "json":
        text = json.dumps(made.to_json(), indent=2, ensure_ascii=False)
    else:
        from jupyter_repro.reports.chance_html import chance_html

        text = chance_html(made)
    if not request.path:
        tell(text)
        return
    target = session.folder() / Path(os.path.expandvars(request.path)).expanduser()
    _write(target, redact(text).rstrip("\n") + "\n")
    tell(f"repro: {counted(made)}; written to `{request.path}`")


def _write(target: Path, text: str) -> None:
    """Write all of it or nothing."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with unwatched():
            temporary.write_text(text, encoding="utf-8", newline="\n")
            temporary.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise StorageFailed(
            f"`{target}` cannot be written: {error.strerror}",
            remedy="name a file in a folder that you may write to",
        ) from error
