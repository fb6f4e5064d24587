"""What a rule has found in a notebook file."""

from __future__ import annotations

import msgspec

from .findings import Severity  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["FileFinding"]


class FileFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One place in a notebook file, what is the matter there, and the next step."""

    code: str
    severity: Severity
    """An allowed finding is an information."""
    path: str
    """As the user named it."""
    cell: str
    """``cell 3``: its number among the code cells, or what it is instead."""
    cell_id: str = ""
    line: int
    """Line of the cell's source, from 1."""
    file_line: int
    """Line of the file, from 1."""
    message: str
    remedy: str
    allowed: str = ""
    """The reason for which it is allowed."""
    allowed_in: str = ""
    """``comment`` or ``configuration``."""
    fixable: bool = False
    """``--fix`` mends it."""
