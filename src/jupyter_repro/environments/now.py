"""The environment with all that can be found out about it: half a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .capture import capture_environment
from .conflicts import conflicts
from .imports import modules_now, with_imports

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_repro.records import Environment

__all__ = ["completed", "environment_now"]


def environment_now(folder: Path | None) -> Environment:
    """Return what this process stands on; nobody knows which of its modules a notebook names.

    Args:
        folder: Whose revision is told.
    """
    found = capture_environment(folder)
    return completed(found, named=(), before=frozenset())


def completed(found: Environment, *, named: Iterable[str], before: frozenset[str]) -> Environment:
    """Return the environment with who imported what, and with the requirements that are not met.

    Args:
        found: What was captured.
        named: The modules that cells name in their imports.
        before: The modules that were imported before the first cell.
    """
    packages = with_imports(found.packages, modules_now(), named=named, before=before)
    return msgspec.structs.replace(found, packages=packages, conflicts=conflicts())
