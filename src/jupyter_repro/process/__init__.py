"""Settings of the process that change results: what they are now, and who changed them."""

from __future__ import annotations

from .setting import Setting, why_unseen
from .watch import Change, Moment, Moves, ProcessWatch, changes

__all__ = ["Change", "Moment", "Moves", "ProcessWatch", "Setting", "changes", "why_unseen"]
