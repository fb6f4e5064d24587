"""Numbers in text: integers exactly, floating-point numbers within the tolerance.

A number printed with few digits is a rounded one. Two computations within the tolerance of each other may
round to neighbouring last digits, so a difference of one unit in the last printed digit is excused where
both sides print the same number of digits and at least seven significant ones: a change of 1 in 10^6 or
less. Fewer digits are compared as they stand: 0.93 and 0.94 differ.

What merely looks like a number is compared as text: parts of words, versions, dates, times, addresses, UUIDs
and digests (``5e12345``). White space is compared as it stands, but for blanks inside a line where some
number is printed with another width: columns follow the digits.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from .outcome import IDENTICAL, Outcome, differs, settled
from .wording import first_difference, short

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["compare_numbers", "compare_part", "scale_of"]

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?<![A-Za-z0-9_][-:/])"  # not within a word, version, date, time, path or UUID
    r"[+-]?(?:(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+(?:[eE][+-][0-9]+)?)"
    r"(?=j?(?![A-Za-z0-9_]))(?!j?\.[0-9])(?!j?[-:/][A-Za-z0-9_])"
)
_BLANKS = re.compile(r"[ \t]+")
_SIGNIFICANT = 7
_MOST_EXPONENT = 400
"""No float is printed with more digits behind the point than this."""


def compare_numbers(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two texts: the words between numbers exactly, the numbers by the rule above."""
    return settled(compare_part(reference, fresh, tolerance))


def compare_part(reference: str, fresh: str, tolerance: Tolerance, scale: float = 0.0) -> Outcome:
    """Compare two texts that are parts of a whole, whose outcome is yet to be :func:`settled`.

    ``scale`` is the largest number beside this part.
    """
    if reference == fresh:
        return IDENTICAL
    numbers, others = _NUMBER.findall(reference), _NUMBER.findall(fresh)
    # columns follow the digits: blanks may shift where a number is printed wider, and nowhere else
    shifted = [len(number) for number in numbers] != [len(number) for number in others]
    words = _words(reference, shifted=shifted)
    if words != _words(fresh, shifted=shifted):
        return differs(first_difference(reference, fresh))
    largest, respelled = None, ""
    lines = _lines(words)
    scales = _scales(lines, numbers, others, scale)
    for was, now, line in zip(numbers, others, lines, strict=True):
        if was == now:
            continue
        apart = _apart(was, now, tolerance, scales[line])
        if apart is None:
            return differs(f"{short(was)} became {short(now)}")
        if _respelled(was, now):
            respelled = respelled or f"{short(was)} became {short(now)}, of the same value"
        else:
            largest = max(largest or 0.0, apart)
    why = f"numbers differ by at most {largest or 0.0:.1e} of their size"
    return Outcome("within tolerance", why, largest, respelled)


def scale_of(text: str) -> float:
    """Return the size of the largest floating-point number in a text, 0 if there is none."""
    return max((_size(number) for number in _NUMBER.findall(text)), default=0.0)


def _words(text: str, *, shifted: bool) -> list[str]:
    """Return what lies between the numbers; if columns shifted, runs of blanks in a line count as one."""
    parts = _NUMBER.split(text)
    return [_BLANKS.sub(" ", part).strip(" ") for part in parts] if shifted else parts


def _lines(words: list[str]) -> list[int]:
    """Return for each number the line it is in."""
    found, line = [], 0
    for word in words[:-1]:
        line += word.count("\n")
        found.append(line)
    return found


def _scales(lines: list[int], numbers: list[str], others: list[str], scale: float) -> dict[int, float]:
    scales: dict[int, float] = {}
    for line, was, now in zip(lines, numbers, others, strict=True):
        scales[line] = max(scales.get(line, scale), _size(was), _size(now))
    return scales


def _size(text: str) -> float:
    size = abs(float(text)) if _is_float(text) else 0.0
    return size if math.isfinite(size) else 0.0


def _apart(was: str, now: str, tolerance: Tolerance, scale: float) -> float | None:
    """Return the relative difference of two spelled numbers, None if they are not the same result."""
    if not _is_float(was) or not _is_float(now):
        return None
    a, b = float(was), float(now)
    if not (math.isfinite(a) and math.isfinite(b)):
        return None  # too big for a float, so nothing is known of their difference
    size = max(abs(a), abs(b))
    if size == 0:
        return 0.0 if not (_mantissa(was) or _mantissa(now)) else None
    if a == b or tolerance.allows(a, b, scale) or _neighbours(was, now):
        return abs(a - b) / size
    return None


def _is_float(text: str) -> bool:
    return any(mark in text for mark in ".eE")


def _mantissa(text: str) -> bool:
    """Tell whether a digit other than 0 is spelled, however small the number is."""
    return any(digit in "123456789" for digit in re.split("[eE]", text)[0])


def _respelled(was: str, now: str) -> bool:
    """Tell whether two near numbers have the very same value, but for the sign of a rounded zero."""
    if was.lstrip("+-") == now.lstrip("+-"):
        return False
    a, b = _decimal(was), _decimal(now)
    return a is not None and a == b


def _decimal(text: str) -> Decimal | None:
    """Return the number as it is spelled, None for an exponent that no float has."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    return exact if abs(exact.adjusted()) <= _MOST_EXPONENT else None


def _neighbours(was: str, now: str) -> bool:
    """Tell whether the two are printed alike and differ by one unit in the last of many digits.

    ``1234567.`` is NumPy's spelling of a whole number: nothing was rounded, so nothing is excused.
    """
    if was.endswith(".") or now.endswith("."):
        return False
    a, b = _decimal(was), _decimal(now)
    if a is None or b is None:
        return False
    ulp_a, ulp_b = a.as_tuple(), b.as_tuple()
    if ulp_a.exponent != ulp_b.exponent or not isinstance(ulp_a.exponent, int):
        return False
    digits = min(len(ulp_a.digits), len(ulp_b.digits))
    return digits >= _SIGNIFICANT and abs(a - b) <= Decimal(1).scaleb(ulp_a.exponent)
