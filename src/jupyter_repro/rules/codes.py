"""How codes of rules are named: one, or a family."""

from __future__ import annotations

__all__ = ["matches"]


def matches(pattern: str, code: str) -> bool:
    """Tell whether ``RP203``, ``RP2xx`` or ``RP2`` names a code."""
    return code.startswith(pattern.upper().rstrip("X"))
