"""How many processes the user's code has made with ``multiprocessing``, which raises no audit event where it spawns."""

from __future__ import annotations

import contextlib
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["own_processes", "process_count"]

_own = [0]
"""How many are ours."""


def _made_processes() -> int:
    """Return how many processes ``multiprocessing`` has made here, from its own counter."""
    counter = getattr(sys.modules.get("multiprocessing.process"), "_process_counter", None)
    told = re.fullmatch(r"count\(([0-9]+)\)", repr(counter))
    return int(told[1]) - 1 if told else 0


def process_count() -> int:
    """Return how many of them are the user's."""
    return _made_processes() - _own[0]


@contextlib.contextmanager
def own_processes() -> Iterator[None]:
    """Let the processes that the block makes count as ours: no cell began them."""
    before = _made_processes()
    try:
        yield
    finally:
        _own[0] += _made_processes() - before
