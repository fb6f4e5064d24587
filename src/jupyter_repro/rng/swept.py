"""The seed that a run of a sweep has in the place of the user's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .derive import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SWEPT_ENV", "swept", "swept_seed"]

SWEPT_ENV = "JUPYTER_REPRO_SWEPT"
"""Set in a run of a sweep: which child of each seed is taken."""


def swept_seed(seed: int, index: int) -> int:
    """Return the child of a seed: 32 bits, which every library takes whole."""
    return derive(seed, "sweep", index, bits=32)


def swept(seed: int, environ: Mapping[str, str] = os.environ) -> int:
    """Return the seed itself, or its child in a run of a sweep."""
    index = environ.get(SWEPT_ENV, "")
    return swept_seed(seed, int(index)) if index.isascii() and index.isdecimal() else seed
