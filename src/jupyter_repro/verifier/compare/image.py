"""PNG and JPEG: by pixels. JPEG is decoded by Pillow where the reader has it; else its bytes decide."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent
from .pixels import compare_pixels
from .png import Image, NotDecodable, decode_png

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_image"]

_OPAQUE = b"\xff"


def compare_image(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare two images in base64."""
    if "".join(reference.split()) == "".join(fresh.split()):
        return IDENTICAL
    try:
        (was, decoder), (now, _) = (_decoded(base64.b64decode(text)) for text in (reference, fresh))
    except ValueError as error:  # NotDecodable and binascii.Error among them
        return differs(f"the images have other bytes and cannot be looked into ({error})")
    if (was.width, was.height) != (now.width, now.height):
        return differs(f"the image was {was.width} x {was.height} pixels, it is {now.width} x {now.height}")
    if was.rgba == now.rgba:
        return equivalent(f"the same pixels{decoder}, encoded otherwise")
    return compare_pixels(was, now)


def _decoded(data: bytes) -> tuple[Image, str]:
    """Return the pixels, and the decoder where it is not ours, in words."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return decode_png(data), ""


def _jpeg(data: bytes) -> tuple[Image, str]:
    try:
        import PIL
        from PIL import Image as Pillow
    except ImportError:
        raise NotDecodable("JPEG is decoded by Pillow, which is not installed here") from None
    try:
        with Pillow.open(io.BytesIO(data), formats=("JPEG",)) as opened:
            width, height = opened.size
            colours = opened.convert("RGB").tobytes()
    except Exception as error:  # whatever a damaged file makes Pillow raise
        raise NotDecodable(f"Pillow: {error}") from error
    wide = bytearray(_OPAQUE * (8 * width * height))
    for channel in range(3):
        for half in range(2):
            wide[2 * channel + half :: 8] = colours[channel::3]
    return Image(width, height, bytes(wide)), f" (decoded by Pillow {PIL.__version__})"


COMPARER = Comparer(("image/png", "image/jpeg"), compare_image)
