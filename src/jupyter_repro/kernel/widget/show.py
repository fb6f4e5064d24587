"""``%repro panel``: a live widget that speaks the panel's protocol over a widget's messages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import NotInstalled
from jupyter_repro.kernel.exporting import INSIDE
from jupyter_repro.kernel.outputs import OURS
from jupyter_repro.kernel.status_display import StatusDisplay, shows_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.kernel.channel.panel import Panel
    from jupyter_repro.kernel.requests import ShowPanel
    from jupyter_repro.kernel.session import Session

__all__ = ["show_panel"]

_HERE = Path(__file__).parent
_VIEW = "application/vnd.jupyter.widget-view+json"


def show_panel(session: Session, _request: ShowPanel, *, tell: Callable[[str], None]) -> None:
    """Show the panel as a widget below the cell; in a terminal, the status.

    Raises:
        NotInstalled: anywidget is not there.
    """
    if os.environ.get(INSIDE):
        return  # nobody watches a run that export or verify has started
    status = StatusDisplay(session.status(environment=False))
    if session.door is None or not shows_html(session.shell):
        tell(repr(status))
        return
    widget = _made()
    _link(session.door.entered(), widget)
    facts = status._repr_mimebundle_()
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    # marked as ours, so that it counts as no output of the cell
    data = {"text/plain": facts["text/plain"], OURS: facts[OURS], _VIEW: view}
    session.shell.display_pub.publish(data=data, metadata={})


def _made() -> Any:
    """Return a new widget; the class is made where the package is there."""
    try:
        import anywidget
    except ImportError as error:
        raise NotInstalled(
            "`%repro panel` is a live widget by anywidget, which is not installed",
            remedy='`pip install "jupyter_repro[widget]"`; `%repro status` shows the same facts once',
        ) from error
    texts = {
        "_esm": (_HERE / "panel.js").read_text(encoding="utf-8"),
        "_css": (_HERE / "panel.css").read_text(encoding="utf-8"),
    }
    return type("ReproPanel", (anywidget.AnyWidget,), texts)()


def _link(panel: Panel, widget: Any) -> None:
    """Join the widget to the panel as a page with its two comms."""
    client = f"widget-{widget.model_id}"
    links = [panel.joined({"role": role, "client": client, "protocol": 1}, _Comm(widget)) for role in _ROLES]
    link = links[-1]
    answer = panel.boundary.guard(lambda data: panel.asked(link, data))
    widget.on_msg(lambda _widget, content, _buffers: answer(content))
    widget.comm.on_close(panel.boundary.guard(lambda _message: panel.left(link)))


_ROLES = ("events", "requests")


class _Comm:
    """One of the two comms of a page, over the messages of a widget."""

    def __init__(self, widget: Any) -> None:
        self._widget = widget
        self.comm_id = widget.model_id

    def send(self, data: Any) -> None:
        """Send to the page; it tells events from replies by their fields."""
        self._widget.send(data)

    def on_msg(self, _callback: Any) -> None:
        """Messages come by the widget."""

    def on_close(self, _callback: Any) -> None:
        """The widget tells of its end."""

    def close(self) -> None:
        """Leave the last state on the page."""
