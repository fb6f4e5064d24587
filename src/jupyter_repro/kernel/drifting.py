"""``%repro drift``: this environment against the one that made the saved outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadNotebook
from jupyter_repro.records.drift import Drift
from jupyter_repro.store.baseline import NoBaseline, drift_since
from jupyter_repro.store.makers import baseline_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records import Environment

    from .requests import ShowDrift
    from .session import Session

__all__ = ["drift_at_opening", "drift_of", "show_drift"]


def drift_of(session: Session, run: str = "") -> Drift:
    """Return what differs from the environment of a run.

    Args:
        session: Whose environment is compared.
        run: Names the run; empty: the one that made the saved outputs.

    Raises:
        BadWord: There is no such run.
    """
    session.standing.take_news()  # who asks is told all of it
    path = session.path()
    if run:
        from jupyter_repro.bundle.baseline import baseline_from

        found = baseline_from(session.folder(), run, otherwise=session.store_told)
        return drift_since(
            found, session.environment(), folder=session.folder(), notebook=path.name if path else ""
        )
    return _since(session, session.environment, network=True)


def drift_at_opening(session: Session, now: Environment) -> Drift:
    """Return what differs from the environment that made the saved outputs, as far as a start can tell.

    Args:
        session: Whose notebook was opened.
        now: What the kernel stood on at its start.
    """
    return _since(session, lambda: now, network=False)


def _since(session: Session, now: Callable[[], Environment], *, network: bool) -> Drift:
    notebook = session.path()
    if notebook is None:
        return Drift(
            sentence="there is nothing to compare with: the front end does not tell which notebook this is"
        )
    try:
        found = baseline_of(notebook, but=session.kernel_id, otherwise=session.store_told, network=network)
    except BadNotebook as error:
        return Drift(notebook=notebook.name, sentence=f"there is nothing to compare with: {error.message}")
    if isinstance(found, NoBaseline):
        return Drift(notebook=notebook.name, sentence=f"there is nothing to compare with: {found.reason}")
    return drift_since(found, now(), folder=notebook.parent, notebook=notebook.name)


def show_drift(session: Session, request: ShowDrift, *, tell: Callable[[str], None]) -> None:
    """Show what differs."""
    from jupyter_repro.reports.drift_text import drift_text

    found = drift_of(session, request.run)
    if request.json:
        tell(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        tell(drift_text(found, verbose=request.verbose))
