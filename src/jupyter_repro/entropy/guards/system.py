"""``os.urandom``, and what stands on it: ``uuid4``, ``secrets``, ``SystemRandom``. Counted, never replaced."""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING

from jupyter_repro.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.entropy.protocol import Ask

__all__ = ["SystemGuard"]


class SystemGuard:
    """Sees the user's own lines that ask the operating system for random bytes."""

    name = "system"
    module = ""
    note = "counted only: the bytes are the system's, also under `derive` and `raise`"
    governs = False

    def __init__(self) -> None:
        self._patches = Patches()

    def put_on(self, ask: Ask) -> None:
        """Stand in for the function and for the name under which ``random`` keeps it."""
        for holder, name in ((os, "urandom"), (random, "_urandom")):
            original = vars(holder).get(name)
            if original is not None:
                self._patches.replace(holder, name, _counted(original, ask))

    def take_off(self) -> None:
        """Give both back."""
        self._patches.give_back()

    def in_place(self) -> bool:
        """Whether it still counts."""
        return self._patches.in_place()


def _counted(original: Callable[[int], bytes], ask: Ask) -> Callable[[int], bytes]:
    def urandom(size: int, /) -> bytes:
        frame = sys._getframe(1)  # noqa: SLF001 - the only way to see who asks
        ask("system entropy", "os.urandom", frame, bits=None, judge=lambda _call, _frame: True)
        return original(size)

    urandom.__doc__ = original.__doc__
    return urandom
