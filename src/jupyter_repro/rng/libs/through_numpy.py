"""Libraries that draw from NumPy's global generator and have none of their own."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.records import Setting

from .stateless import Stateless

__all__ = ["ThroughNumpy"]


class ThroughNumpy(Stateless):
    """Says that a library is seeded with NumPy, if it really draws from NumPy's generator.

    Args:
        name: The library.
        home: The module with its ``check_random_state``, which says what None stands for.
        note: What the seed does not reach.
    """

    def __init__(self, name: str, home: str, note: str) -> None:
        self.name = name
        self.modules: tuple[str, ...] = ()
        self._home = home
        self._note = note

    def loaded(self) -> bool:
        """Whether the library is there: this is asked of its stand-in."""
        return True

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether ``random_state=None`` means NumPy's global generator."""
        row: dict[str, Any] = {"name": f"seed.{self.name}", "requested": str(value)}
        home: Any = sys.modules.get(self._home)
        numpy: Any = sys.modules.get("numpy.random")
        ask = getattr(home, "check_random_state", None)
        if ask is None or numpy is None:
            why = f"not verified: `{self._home}` is not imported"
            return (
                Setting(
                    **row, effective="", effect="waiting", verified_by=why, note="it draws through NumPy"
                ),
            )
        through = ask(None) is numpy.mtrand._rand  # noqa: SLF001 - NumPy has no public way to name it
        return (
            Setting(
                **row,
                effective="through numpy" if through else "",
                effect="in force" if through else "not in force",
                verified_by=f"its check_random_state(None) is {'' if through else 'not '}NumPy's generator",
                note=self._note if through else "give it `random_state=` yourself",
            ),
        )
