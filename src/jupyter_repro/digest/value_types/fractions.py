"""Fractions, whose module is loaded by those who make one and not by us."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .atoms import by_repr

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_fraction = by_repr("Fraction")


def feed(digester: Digester, value: Any) -> bool:
    """Feed a fraction; tell whether it was one."""
    if type(value) is not sys.modules["fractions"].Fraction:
        return False
    _fraction(digester, value)
    return True
