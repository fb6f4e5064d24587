"""Comparing outputs, a file a kind: what is the same result, and what is not."""

from __future__ import annotations

from .notebook import CellComparison, compare_notebooks
from .tolerance import Tolerance

__all__ = ["CellComparison", "Tolerance", "compare_notebooks"]
