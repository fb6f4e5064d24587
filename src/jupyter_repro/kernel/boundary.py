"""The one blind ``except``: what fails in our hooks never reaches the user's cell.

IPython publishes an exception of an event callback into the outputs of the cell, and a ``SystemExit``
there ends the kernel. So every entry from IPython passes through :meth:`Boundary.guard`.
"""

from __future__ import annotations

import functools
import os
import time
import traceback
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Boundary"]

_Result = TypeVar("_Result")

_STRIKES = 3


class Boundary:
    """Health of our hooks: they fail silently, are counted, and stop after three failures in a row.

    Args:
        refuse_cell: Called when a keyboard interrupt fell into a hook before a cell, which should not run then.
    """

    def __init__(self, refuse_cell: Callable[[], None] = lambda: None) -> None:
        self.failures: list[str] = []
        """One entry a failure: where and what, newest last, at most the last twenty."""
        self.last_traceback = ""
        self.refuse_cell = refuse_cell
        self._strikes = 0
        self._pid = os.getpid()

    @property
    def healthy(self) -> bool:
        """Tell whether the hooks still run."""
        return self._strikes < _STRIKES

    def guard(
        self, entry: Callable[..., _Result], *, before_cell: bool = False, gives_back: bool = False
    ) -> Callable[..., _Result | None]:
        """Wrap an entry so that it returns None instead of raising, whatever happens inside.

        ``before_cell``: an interrupt in it is meant for the cell that follows.
        ``gives_back``: it undoes what we have done, and is called whatever has failed before.

        In a forked child, and after three failures in a row, another entry is not called at all.
        """

        @functools.wraps(entry)
        def guarded(*args: Any, **kwargs: Any) -> _Result | None:
            try:
                if os.getpid() != self._pid or (self._strikes >= _STRIKES and not gives_back):
                    return None
                result = entry(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - the one blind except of the house, see above
                self._note(entry, error, before_cell=before_cell)
                return None
            else:
                self._strikes = 0
                return result

        return guarded

    def _note(self, entry: Callable[..., object], error: BaseException, *, before_cell: bool) -> None:
        try:
            if before_cell and isinstance(error, KeyboardInterrupt):
                self.refuse_cell()
                return
            self._strikes += 1
            what = f"{time.strftime('%H:%M:%S')} {entry.__name__}: {type(error).__name__}: {error}"
            self.failures = [*self.failures[-19:], what]
            self.last_traceback = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        except BaseException:  # noqa: BLE001 - a second fault while noting the first, for example no memory
            self._strikes = _STRIKES
