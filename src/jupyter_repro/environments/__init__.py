"""What the run stands on: Python, machine, packages, variables, git, GPUs."""

from __future__ import annotations

from .capture import capture_environment

__all__ = ["capture_environment"]
