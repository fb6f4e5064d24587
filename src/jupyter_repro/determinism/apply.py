"""One owner's strictness: what it asked for, what is in force, and giving it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Setting

from .process import PROCESS, ProcessSwitches
from .wish import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.records import Strictness

__all__ = ["Switches"]


class Switches:
    """Sets the determinism switches for one owner: of loaded libraries now, of others at their import.

    Several owners may be active in one process: the strictest one decides, and the last one to end gives
    back every value that the first one found.
    """

    def __init__(self, process: ProcessSwitches = PROCESS) -> None:
        self._process = process

    def begin(self, strictness: Strictness, chosen: Mapping[str, str] | None = None) -> tuple[Setting, ...]:
        """Ask for a strictness, instead of the one asked for before, and return the settings.

        Args:
            strictness: How much is asked for.
            chosen: Values by word (``tf32``, ``threads``) that hold whatever the strictness.
        """
        self._process.begin(self, Wish(strictness, dict(chosen or {})))
        return self.settings()

    def settings(self) -> tuple[Setting, ...]:
        """Say for each switch what was asked for and what is in force now; empty for ``off``."""
        return self._process.settings(self)

    def end(self) -> tuple[Setting, ...]:
        """Give every value back if no other owner goes on; return what could not be."""
        return tuple(
            Setting(
                name=name,
                requested="as before",
                effective="",
                effect="not in force",
                verified_by="not verified: giving it back failed",
                note=f"{reason}; restart the kernel",
            )
            for name, reason in self._process.end(self).items()
        )
