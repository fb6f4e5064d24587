"""Numbers in text: integers exactly, floating-point numbers within the tolerance.

A number printed with few digits is a rounded one. Two computations within the tolerance of each other may
round to neighbouring last digits, so a difference of one unit in the last printed digit is excused where
both sides print the same number of digits and at least seven significant ones: a change of 1 in 10^6 or
less. Fewer digits are compared as they stand: 0.93 and 0.94 differ.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from .outcome import IDENTICAL, Outcome, differs

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["compare_numbers"]

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_])(?!\.[0-9])"
)
_BLANKS = re.compile(r"[ \t]+")
_SIGNIFICANT = 7
_MOST_EXPONENT = 400
"""No float is printed with more digits behind the point than this."""


def compare_numbers(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two texts: the words between numbers exactly, the numbers by the rule above."""
    if reference == fresh:
        return IDENTICAL
    numbers, others = _NUMBER.findall(reference), _NUMBER.findall(fresh)
    # columns follow the digits: blanks may shift where a number is printed wider, and nowhere else
    shifted = [len(number) for number in numbers] != [len(number) for number in others]
    if _words(reference, shifted=shifted) != _words(fresh, shifted=shifted):
        return differs(_first_difference(reference, fresh))
    largest = 0.0
    for was, now in zip(numbers, others, strict=True):
        apart = _apart(was, now, tolerance)
        if apart is None:
            return differs(f"{_short(was)} became {_short(now)}")
        largest = max(largest, apart)
    return Outcome("within tolerance", f"numbers differ by at most {largest:.1e} of their size", largest)


def _words(text: str, *, shifted: bool) -> list[str]:
    """Return what lies between the numbers; if columns shifted, runs of blanks in a line count as one."""
    parts = _NUMBER.split(text)
    return [_BLANKS.sub(" ", part).strip(" ") for part in parts] if shifted else parts


def _apart(was: str, now: str, tolerance: Tolerance) -> float | None:
    """Return the relative difference of two spelled numbers, None if they are not the same result."""
    if was == now:
        return 0.0
    if not _is_float(was) or not _is_float(now):
        return None
    a, b = float(was), float(now)
    if not (math.isfinite(a) and math.isfinite(b)):
        # spelled otherwise and beyond a float: both are infinite here, and still not the same
        return None
    if a == b:
        return 0.0 if a or _is_zero(was) == _is_zero(now) else None
    size = max(abs(a), abs(b))
    if abs(a - b) <= tolerance.atol + tolerance.rtol * size or _neighbours(was, now):
        return abs(a - b) / size
    return None


def _is_float(text: str) -> bool:
    return any(mark in text for mark in ".eE")


def _is_zero(text: str) -> bool:
    """Tell a written zero from a number too small for a float."""
    return not any(digit in "123456789" for digit in re.split("[eE]", text)[0])


def _neighbours(was: str, now: str) -> bool:
    """Tell whether the two are printed alike and differ by one unit in the last of many digits.

    ``1234567.`` is NumPy's spelling of a whole number: nothing was rounded, so nothing is excused.
    """
    if was.endswith(".") or now.endswith("."):
        return False
    try:
        a, b = Decimal(was), Decimal(now)
    except InvalidOperation:
        # an exponent that no number has
        return False
    ulp_a, ulp_b = a.as_tuple(), b.as_tuple()
    if ulp_a.exponent != ulp_b.exponent or not isinstance(ulp_a.exponent, int):
        return False
    if abs(ulp_a.exponent) > _MOST_EXPONENT:
        return False
    digits = min(len(ulp_a.digits), len(ulp_b.digits))
    return digits >= _SIGNIFICANT and abs(a - b) <= Decimal(1).scaleb(ulp_a.exponent)


def _first_difference(reference: str, fresh: str) -> str:
    before, after = reference.splitlines(), fresh.splitlines()
    for number, (was, now) in enumerate(zip(before, after, strict=False), start=1):
        if was != now:
            if was.split() == now.split():
                return f"line {number}: `{_short(was)}` has other white space"
            return f"line {number}: `{_short(was)}` became `{_short(now)}`"
    count = abs(len(before) - len(after))
    lines = "1 line" if count == 1 else f"{count} lines"
    rest = (before if len(before) > len(after) else after)[min(len(before), len(after)) :]
    first = f", first `{_short(rest[0])}`" if rest else ""
    return f"{lines} {'missing' if len(before) > len(after) else 'more'}{first}"


def _short(text: str, *, most: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."
