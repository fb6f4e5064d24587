"""IPython's events, joined to one session."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .boundary import Boundary

__all__ = ["Hooks"]


class Hooks:
    """One pair of callbacks on one shell, put on and taken off any number of times.

    Args:
        shell: The interactive shell.
        boundary: What the callbacks are guarded by.
        begin: Called with IPython's ``ExecutionInfo`` before a cell.
        end: Called with IPython's ``ExecutionResult`` after it.
    """

    def __init__(
        self, shell: Any, boundary: Boundary, *, begin: Callable[[Any], None], end: Callable[[Any], None]
    ) -> None:
        self._events = shell.events
        self._pairs = (
            ("pre_run_cell", boundary.guard(begin, before_cell=True)),
            ("post_run_cell", boundary.guard(end)),
        )

    def put_on(self) -> None:
        """Register the callbacks that are not registered; another tool may have cleared them."""
        for event, callback in self._pairs:
            if callback not in self._events.callbacks[event]:
                self._events.register(event, callback)

    def take_off(self) -> None:
        """Remove the callbacks, also if another tool already did."""
        for event, callback in self._pairs:
            with contextlib.suppress(ValueError):
                self._events.unregister(event, callback)
