"""Rules that read a notebook file and run nothing: one file a rule."""

from __future__ import annotations

from .engine import Checked, check_notebook

__all__ = ["Checked", "check_notebook"]
