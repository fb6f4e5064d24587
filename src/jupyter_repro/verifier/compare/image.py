"""Images: PNG by pixels, SVG by its drawing, others byte by byte."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from .outcome import IDENTICAL, Outcome, differs, equivalent
from .png import Image, decode_png

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["compare_base64", "compare_bytes", "compare_png"]


def compare_png(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare two PNG images in base64 by their pixels."""
    if _stripped(reference) == _stripped(fresh):
        return IDENTICAL
    try:
        was, now = (decode_png(base64.b64decode(text)) for text in (reference, fresh))
    except ValueError as error:  # NotDecodable and binascii.Error among them
        return differs(f"the images have other bytes and cannot be looked into ({error})")
    if (was.width, was.height) != (now.width, now.height):
        return differs(f"the image was {was.width} x {was.height} pixels, it is {now.width} x {now.height}")
    if was.rgba == now.rgba:
        return equivalent("the same pixels, encoded otherwise")
    return differs(_described(was, now))


def _described(was: Image, now: Image) -> str:
    """Say how many pixels differ, and how much."""
    pairs = zip(memoryview(was.rgba).cast("Q"), memoryview(now.rgba).cast("Q"), strict=True)
    changed = sum(a != b for a, b in pairs)
    samples = zip(was.rgba[::2], now.rgba[::2], strict=True)
    largest = max(abs(a - b) for a, b in samples)
    share = 100 * changed / (was.width * was.height)
    return f"{share:.2g} % of the pixels differ, by up to {largest} of 255"


def compare_bytes(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare what cannot be looked into."""
    if reference == fresh:
        return IDENTICAL
    return differs("it has other bytes, and this kind cannot be looked into")


def compare_base64(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare the bytes of what cannot be looked into; base64 may be broken into lines anywhere."""
    if _stripped(reference) == _stripped(fresh):
        return IDENTICAL
    return differs("it has other bytes, and this kind cannot be looked into")


def _stripped(text: str) -> str:
    return "".join(text.split())
