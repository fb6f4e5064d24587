"""Facts as text for people."""

from __future__ import annotations

from .plan_text import plan_text
from .status_text import governed_line, status_text

__all__ = ["governed_line", "plan_text", "status_text"]
