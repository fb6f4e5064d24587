"""``%load_ext jupyter_repro`` and its undoing."""

from __future__ import annotations

from typing import Any

from .channel.door import Door
from .completion import Completion
from .magics import ReproMagics
from .session import Session

__all__ = ["load", "session_of", "unload"]

_MAGICS = "ReproMagics"


def load(shell: Any) -> None:
    """Start a session for this shell; a second load changes nothing."""
    if session_of(shell) is not None:
        return
    magics = ReproMagics(shell)
    magics.session = Session(shell)
    magics.completion = Completion(shell)
    shell.register_magics(magics)
    magics.begin()
    magics.session.door = Door(magics.session)
    magics.session.boundary.guard(magics.session.door.open)()


def unload(shell: Any) -> None:
    """End the session and give everything back; never raises, any number of times."""
    magics = shell.magics_manager.registry.pop(_MAGICS, None)
    if not isinstance(magics, ReproMagics):
        return
    magics.end()
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("repro", None)


def session_of(shell: Any) -> Session | None:
    """Return the session of this shell, or None if the extension is not loaded in it."""
    manager = getattr(shell, "magics_manager", None)
    magics = manager.registry.get(_MAGICS) if manager is not None else None
    return magics.session if isinstance(magics, ReproMagics) else None
