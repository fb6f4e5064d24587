"""Numbers as they stand in a reference: exact for programs, legible for people, one text for one number."""

from __future__ import annotations

import math
import re

from jupyter_repro.errors import BadGolden

__all__ = ["parsed", "spelled"]

_ZEROS = re.compile(r"\.?0*p")
_REMEDY = "take it from version control again, or record it anew"


def spelled(value: float) -> str:
    """Return ``0x1.26bb1cp+1 = 2.30259``: all bits, and six digits of it; ``nan``, ``inf`` or ``-inf`` otherwise."""
    if not math.isfinite(value):
        return str(value)
    return f"{_ZEROS.sub('p', value.hex())} = {value:.6g}"


def parsed(text: str) -> float:
    """Return the number.

    Raises:
        BadGolden: The text is no number of ours, or its two halves tell different numbers.
    """
    exact = text.partition(" = ")[0]
    try:
        value = float.fromhex(exact)
    except (ValueError, OverflowError):
        raise BadGolden(f"`{text}` is no number of a golden run", remedy=_REMEDY) from None
    if spelled(value) != text:
        raise BadGolden(
            f"`{text}` is not how a golden run spells {value:.6g}: it was changed by hand", remedy=_REMEDY
        )
    return value
