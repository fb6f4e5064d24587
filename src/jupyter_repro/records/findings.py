"""Facts the user should know, each with the next step."""

from __future__ import annotations

from typing import Literal

import msgspec

from .cells import CellId  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning", "info"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One fact the user should know, and the next step."""

    code: str
    """``RP###``, stable."""
    severity: Severity
    message: str
    remedy: str
    cell: CellId | None = None
