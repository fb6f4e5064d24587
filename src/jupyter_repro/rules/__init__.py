"""Findings from facts: one file a family, stable codes ``RP###``."""

from __future__ import annotations

from .engine import Facts, check
from .verdicts import CODES

__all__ = ["CODES", "Facts", "check"]
