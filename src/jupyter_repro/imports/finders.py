"""Our finders among those of the process: put there and taken off by one thread at a time.

Each change makes a new list, since a thread may be going through the old one; without the lock two threads
that do so at the same time would lose one of the finders.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["others_find", "put_first", "take_off"]

_lock = threading.Lock()


def put_first(finder: Any) -> None:
    """Let the finder be asked before all others."""
    _change(lambda finders: [finder, *(each for each in finders if each is not finder)])


def take_off(finder: Any) -> None:
    """Ask the finder no more."""
    _change(lambda finders: [each for each in finders if each is not finder])


def others_find(finder: Any, fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """Return what all finders but this one find for a module."""
    for other in list(sys.meta_path):
        find: Any = getattr(other, "find_spec", None)
        if other is finder or find is None:
            continue
        spec: ModuleSpec | None = find(fullname, path, None)
        if spec is not None:
            return spec
    return None


def _change(made: Callable[[list[Any]], list[Any]]) -> None:
    with _lock:
        sys.meta_path = made(sys.meta_path)


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603 - its holder may not exist in a forked child
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)
