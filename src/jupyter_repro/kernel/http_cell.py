"""``%%repro http record|replay|refresh [NAME]``: the web's answers to one cell, kept in a file beside the notebook."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord, NotRecorded
from jupyter_repro.inputs.web.artifact import artifact_path
from jupyter_repro.inputs.web.cassette import playing

from .notices import say
from .scoped import head_of, run_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jupyter_repro.inputs.web.cassette import Played

    from .requests import Http
    from .session import Session

__all__ = ["run_recorded"]


def run_recorded(session: Session, request: Http, body: str) -> Any:
    """Run the body with its requests answered from a file, or recorded into it; return its value.

    Raises:
        BadWord: The cell has no id to name the file by, and no name is given.
        NotInstalled: vcrpy is not there.
        NotRecorded: A request is not in the file, and may not be recorded.
        BadArtifact: The file cannot be read.
        StorageFailed: It cannot be written.
    """
    __tracebackhide__ = True  # IPython shows the user's frames of an error, and not ours
    path = artifact_path(session.folder(), request.name or _name(session))
    try:
        with playing(path, request.act) as played:
            value = run_body(session.shell, body, head=head_of(body, session.running_source()))
    except NotRecorded as error:
        raise error.with_traceback(_own_line(error, session.shell.user_ns)) from None
    say(_line(path, played))
    return value


def _name(session: Session) -> str:
    running = session.running_run()
    cell = None if running is None else running.before.cell
    if not cell:
        raise BadWord("this cell has no id to name the file by", remedy="write `%%repro http record NAME`")
    return str(cell)


def _own_line(error: NotRecorded, namespace: Mapping[str, Any]) -> TracebackType | None:
    """Return the last line of the user's that asked; what lies between it and the web is not theirs."""
    trace, found = error.asked_at, None
    while trace is not None:
        if trace.tb_frame.f_globals is namespace:
            found = trace
        trace = trace.tb_next
    return found and TracebackType(None, found.tb_frame, found.tb_lasti, found.tb_lineno)


def _line(path: Path, played: Played) -> str:
    """Say what is new in the file; a cell that was answered from it alone shows what it always shows."""
    if not played.recorded:
        return ""
    count = "1 answer" if played.recorded == 1 else f"{played.recorded} answers"
    scrubbed = "" if not played.scrubbed else f"; credentials were taken out of {played.scrubbed} of them"
    return f"repro: recorded {count} in {path.name}{scrubbed}; commit it with the notebook"
