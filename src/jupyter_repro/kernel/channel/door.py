"""Where front ends come in: light, since it is loaded with the extension; all else comes with the first of them."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from jupyter_repro.kernel.boundary import Boundary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from jupyter_repro.kernel.session import Session

    from .panel import Panel

__all__ = ["Door", "may_announce"]

TARGET = "jupyter_repro"
HELLO = "jupyter_repro.hello"
PROTOCOL = 1


class Door:
    """Registers the comm target of one session, and says once that it is there.

    Args:
        session: Whose panels come in; this is made in the thread that runs cells.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._boundary = Boundary(session.boundary.refuse_cell)
        self._thread = threading.get_ident()
        self._manager = getattr(getattr(session.shell, "kernel", None), "comm_manager", None)
        self.panel: Panel | None = None
        """None until a front end has come."""

    def open(self) -> None:
        """Let front ends in; where there is no kernel, there are none."""
        if self._manager is None:
            return
        self._manager.register_target(TARGET, self._boundary.guard(self._came))
        if may_announce(self._session.shell, os.environ):
            self._announce()

    def close(self, reason: Literal["unloaded", "restarting"] = "unloaded") -> None:
        """Let nobody in, and tell those who are that it is over; twice is once."""
        if self._manager is not None:
            with contextlib.suppress(KeyError):
                self._manager.unregister_target(TARGET, None)
        if self.panel is not None:
            self.panel.close(reason)
            self.panel = None

    def changed(self) -> None:
        """Tell panels what is another now, though no cell has run."""
        if self.panel is not None:
            self.panel.changed()

    def follow(self, *, on: bool) -> None:
        """Recording begins or ends: panels follow cells, or only tell that nothing is recorded."""
        if self.panel is not None:
            self.panel.follow(on=on)

    def noticed(self, line: str, cell: str | None) -> None:
        """Tell panels a line that was printed."""
        if self.panel is not None:
            self.panel.noticed(line, cell)

    def entered(self) -> Panel:
        """Return what answers front ends, made for the first of them."""
        if self.panel is None:
            from .panel import Panel

            self.panel = Panel(self._session, self._boundary, thread=self._thread)
        return self.panel

    def _came(self, comm: Any, message: Any) -> None:
        self.entered().opened(comm, message)

    def _announce(self) -> None:
        from comm import create_comm

        from jupyter_repro.version import __version__

        told = {"protocol": PROTOCOL, "version": __version__, "kernel": self._session.kernel_id}
        create_comm(target_name=HELLO, data=told).close()


def may_announce(shell: Any, environ: Mapping[str, str]) -> bool:
    """Tell whether the front end is JupyterLab or Notebook: others print an error for a target they do not know.

    Args:
        shell: The kernel's shell, in the cell that loads the extension.
        environ: The kernel's environment.
    """
    if not environ.get("JPY_SESSION_NAME") or "google.colab" in sys.modules:
        return False
    if "__vsc_ipynb_file__" in shell.user_ns:
        return False
    # a program that runs a notebook from within another inherits the variable, and sends no cell id
    parent = getattr(shell, "parent_header", None) or {}
    metadata = parent.get("metadata") if isinstance(parent, dict) else None
    return bool(metadata and metadata.get("cellId"))
