"""What ``%repro`` is told to do: parse, call the session, print."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord

from .options import parse_options
from .requests import (
    Checkpoint,
    Data,
    Explain,
    Export,
    Golden,
    Govern,
    Http,
    Note,
    Off,
    Prove,
    Restart,
    ShowConfig,
    ShowDrift,
    ShowEnvironment,
    ShowGpu,
    ShowInputs,
    ShowPanel,
    ShowPlan,
    ShowReport,
    ShowRuns,
    ShowStatus,
    ShowTrackers,
    Sweep,
    Trace,
    Twice,
)

if TYPE_CHECKING:
    from .requests import Request
    from .session import Session

__all__ = ["obey"]


_DOORS: dict[type, tuple[str, str]] = {
    Checkpoint: ("checkpoint_words", "about_checkpoints"),
    Data: ("data_words", "about_files"),
    Export: ("exporting", "export"),
    Golden: ("golden_words", "golden"),
    Note: ("run_records", "note"),
    Prove: ("proving_words", "prove"),
    Restart: ("restarting", "restart"),
    ShowConfig: ("config_words", "show_config"),
    ShowDrift: ("drifting", "show_drift"),
    ShowEnvironment: ("environment_words", "show_environment"),
    ShowGpu: ("environment_words", "show_gpu"),
    ShowInputs: ("data_words", "about_files"),
    ShowPanel: ("widget.show", "show_panel"),
    ShowReport: ("reporting", "report"),
    ShowRuns: ("run_words", "show_runs"),
    ShowTrackers: ("tracking_words", "show_trackers"),
    Sweep: ("sweeping_words", "sweep"),
}
"""What answers a request, called as ``answer(session, request, tell=...)``: module and function, loaded when it is asked."""


def obey(session: Session, line: str, cell: str | None) -> Any:
    """Do what the words after ``%repro`` or ``%%repro`` ask for; return the value of the cell.

    Raises:
        ReproError: A word is wrong, or what it asks for cannot be done.
    """
    __tracebackhide__ = True  # IPython shows the user's frames of an error, and not ours
    request = parse_options(line)
    if cell is not None or isinstance(request, Http):
        return _run(session, request, cell)
    door = _DOORS.get(type(request))
    if door is not None:
        answer = getattr(importlib.import_module(f".{door[0]}", __package__), door[1])
        answer(session, request, tell=_tell)
    elif isinstance(request, (ShowStatus, ShowPlan, Explain)):
        _show(session, request)
    elif isinstance(request, Govern):
        _govern(session, request)
    elif isinstance(request, Twice):
        raise BadWord("`twice` is about a cell", remedy="write `%%repro twice` above a cell")
    elif isinstance(request, Trace):
        from .tracing import answer as trace

        _tell(trace(session, request))
    elif isinstance(request, Off):
        if session.tracing is not None:
            _tell(session.tracing.end())
        session.stop()
        _tell("repro: off; every generator and setting is as it was before, cells are not recorded")
    return None


def _run(session: Session, request: Request, cell: str | None) -> Any:
    """Run a cell under what its first line asks for."""
    __tracebackhide__ = True
    if cell is None:
        raise BadWord("`http` is about a cell", remedy="write `%%repro http record` above a cell")
    if isinstance(request, Http):
        from .http_cell import run_recorded

        return run_recorded(session, request, cell)
    if isinstance(request, Sweep):
        from .sweeping_words import sweep_cell

        return sweep_cell(session, request, cell, tell=_tell)
    from .scoped import run_governed

    return run_governed(session, request, cell)


def _govern(session: Session, request: Govern) -> None:
    from jupyter_repro.reports import governed_line

    settings = session.govern(request)
    if request == Govern(notices=request.notices):
        _tell(f"repro: notices are {'on' if session.notices_on else 'off'}")
    elif session.plan is None:
        _tell("repro: noted; it takes effect with a seed (`%repro seed=42`)")
    else:
        _tell(governed_line(session.plan, settings))


def _show(session: Session, request: ShowStatus | ShowPlan | Explain) -> None:
    if isinstance(request, Explain):
        from jupyter_repro.reports.rule_text import rule_text
        from jupyter_repro.rules.catalog import explained

        _tell(rule_text(explained(request.code)))
        return
    if isinstance(request, ShowPlan):
        from jupyter_repro.reports import plan_text

        # only a front end can run a cell as its own: a kernel alone says what to run
        _tell(plan_text(session.status(environment=False)))
        return
    from jupyter_repro.reports import status_text

    status = session.status(environment=request.verbose or request.json)
    if request.json:
        _tell(json.dumps(status.to_json(), indent=2))
        return
    from .status_display import StatusDisplay, shows_html

    if shows_html(session.shell):
        StatusDisplay(status, verbose=request.verbose).show(session.shell)
    else:
        _tell(status_text(status, verbose=request.verbose))


def _tell(text: str) -> None:
    if text:
        print(text)  # noqa: T201 - a door prints
