"""One file a library, one guard each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .numpy import NumpyGuard
from .python import PythonGuard
from .system import SystemGuard
from .threads import ThreadGuard
from .torch import TorchGuard

if TYPE_CHECKING:
    from jupyter_repro.entropy.protocol import Guard

__all__ = ["built_in"]


def built_in() -> tuple[Guard, ...]:
    """Return a new guard of each kind, none in place."""
    return (PythonGuard(), NumpyGuard(), TorchGuard(), SystemGuard(), ThreadGuard())
