"""What the run stands on: Python, machine, packages, variables, git, GPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .capture import capture_environment

__all__ = ["capture_environment"]


def __getattr__(name: str) -> Any:
    """Import the capture only when it is used: a part of this package is looked at after each cell."""
    if name == "capture_environment":
        from .capture import capture_environment

        return capture_environment
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
