"""What may be a seed."""

from __future__ import annotations

from numbers import Integral

from jupyter_repro.errors import BadWord

__all__ = ["SEED_BITS", "check_seed"]

SEED_BITS = 128
"""As many bits as NumPy draws for a seed of its own; more would add digits and no randomness."""


def check_seed(value: object) -> int:
    """Return the seed as an ``int``: a whole number from 0 to 2**128 - 1.

    Raises:
        BadWord: It is a bool, a float, text, negative, or too large.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise BadWord(
            f"a seed is a whole number, not {_shown(value)}", remedy="write a whole number such as seed=42"
        )
    seed = int(value)
    if seed < 0:
        raise BadWord(f"a seed is not negative, {_shown(seed)} is", remedy="write a number from 0 on")
    if seed.bit_length() > SEED_BITS:
        raise BadWord(
            f"a seed has at most {SEED_BITS} bits, this one has {seed.bit_length()}",
            remedy=f"write a number below 2**{SEED_BITS}",
        )
    return seed


def _shown(value: object) -> str:
    if isinstance(value, int):
        return str(value) if value.bit_length() <= SEED_BITS else f"a number of {value.bit_length()} bits"
    if isinstance(value, (float, str)):
        text = repr(value)
        return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - one line of a message
    return f"a value of type {type(value).__name__}"
