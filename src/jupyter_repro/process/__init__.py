"""Settings of the process that change results: what they are now, and who changed them."""

from __future__ import annotations

from .import_lines import imported_by
from .setting import Setting, why_unseen
from .watch import Change, Moment, Moves, ProcessWatch, changes

__all__ = ["Change", "Moment", "Moves", "ProcessWatch", "Setting", "changes", "imported_by", "why_unseen"]
