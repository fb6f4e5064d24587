"""``%repro status`` in a front end: text, HTML and JSON at once; each shows what it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.reports import status_text
from jupyter_repro.reports.status_html import status_html

from .outputs import OURS

if TYPE_CHECKING:
    from jupyter_repro.records import Status

__all__ = ["StatusDisplay", "shows_html"]


class StatusDisplay:
    """A status that any front end can show.

    Args:
        status: The facts.
        verbose: The text also lists reproduced cells and verified settings.
    """

    def __init__(self, status: Status, *, verbose: bool = False) -> None:
        self.status = status
        self._verbose = verbose

    def __repr__(self) -> str:
        return status_text(self.status, verbose=self._verbose)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # without the environment, which is large and names the machine: what is shown is saved in the notebook
        facts = self.status.to_json() | {"environment": None}
        return {"text/plain": repr(self), "text/html": status_html(self.status), OURS: facts}

    def show(self, shell: Any) -> None:
        """Show it as an output of the cell that runs in this shell."""
        shell.display_pub.publish(data=self._repr_mimebundle_(), metadata={})


def shows_html(shell: Any) -> bool:
    """Tell whether the front end of this shell shows more than text: a terminal does not."""
    return getattr(shell, "kernel", None) is not None
