"""Files that cells read."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["InputFile"]


class InputFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that the notebook read before any cell wrote it."""

    path: str
    """Relative to the project root, ``/`` between parts; absolute if outside it."""
    role: Literal["data", "source"]
    """``source`` is a module the notebook imported, ``data`` everything else."""
    sha256: str
    size: int
    """Bytes."""
