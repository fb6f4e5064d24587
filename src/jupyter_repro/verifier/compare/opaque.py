"""What cannot be looked into: the bytes decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_base64", "compare_bytes"]

_OTHER = "it has other bytes, and this kind cannot be looked into"


def compare_bytes(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare two values of a kind that nobody knows."""
    return IDENTICAL if reference == fresh else differs(_OTHER)


def compare_base64(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare two values in base64, which may be broken into lines anywhere."""
    return IDENTICAL if "".join(reference.split()) == "".join(fresh.split()) else differs(_OTHER)


COMPARER = Comparer(("image/*", "audio/*", "video/*"), compare_base64)
