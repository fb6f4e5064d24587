"""Facts as text for people."""

from __future__ import annotations

from .status_text import governed_line, status_text

__all__ = ["governed_line", "status_text"]
