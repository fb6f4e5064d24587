"""Where two figures differ, as a picture: what is the same in pale grey, each pixel that is not in red."""

from __future__ import annotations

import base64
import struct
import zlib

from .compare.pixels import changed_pixels
from .compare.png import Image, decode_png

__all__ = ["difference_image"]

_MOST_PIXELS = 4_000_000


def difference_image(reference: str, fresh: str) -> str | None:
    """Return a PNG in base64; None where two images in base64 have the same pixels, or no such."""
    try:
        was, now = (decode_png(base64.b64decode(text)) for text in (reference, fresh))
    except ValueError:  # NotDecodable and binascii.Error among them
        return None
    if (was.width, was.height) != (now.width, now.height) or was.width * was.height > _MOST_PIXELS:
        return None
    changed = changed_pixels(was, now)
    return base64.b64encode(_png(was, changed)).decode("ascii") if changed else None


def _png(was: Image, changed: list[int]) -> bytes:
    """Return a PNG with a palette: 0 to 254 are shades of grey from light to white, 255 is red."""
    # the green sample stands for the brightness: it is nearest to what an eye sees
    shades = bytearray(min(254, 190 + shade // 4) for shade in was.rgba[2::8])
    for place in changed:
        shades[place] = 255
    width = was.width
    lines = b"".join(b"\0" + shades[y * width : (y + 1) * width] for y in range(was.height))
    palette = b"".join(bytes((grey,) * 3) for grey in range(255)) + bytes((207, 34, 46))
    head = struct.pack(">IIBBBBB", width, was.height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", head),
            (b"PLTE", palette),
            (b"IDAT", zlib.compress(lines)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
