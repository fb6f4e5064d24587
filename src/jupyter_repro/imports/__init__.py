"""When a library has been imported: the moment to seed it and to set its switches."""

from __future__ import annotations

from .watch import ImportWatch, complete

__all__ = ["ImportWatch", "complete"]
