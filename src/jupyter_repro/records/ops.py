"""Operations without a deterministic algorithm that ran, each with its line."""

from __future__ import annotations

import msgspec

__all__ = ["OpUse"]


class OpUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation at one line of the user's, with how often it ran during a cell run."""

    op: str
    """As torch names it: ``put_``, ``max_unpooling2d_forward_out``."""
    count: int = 1
    file: str = ""
    line: int = 0
    """0: no line of the user's is behind it."""
    text: str = ""
    source: str = ""
    """SHA-256 of the cell's source, empty where the line is no cell's."""
    allowed: str = ""
    """The reason for which the cell allows it; empty: it does not."""
