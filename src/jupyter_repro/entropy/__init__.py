"""Entropy leaks: draws that no seed governs, seen as they happen, reported, derived or refused."""

from __future__ import annotations

from .governor import Entropy
from .process import PROCESS, ProcessGuards

__all__ = ["PROCESS", "Entropy", "ProcessGuards"]
