"""The decoder gives what Pillow gives, for every kind of PNG."""

from __future__ import annotations

import base64
import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from jupyter_repro.verifier.compare.image import compare_image
from jupyter_repro.verifier.compare.png import NotDecodable, decode_png
from jupyter_repro.verifier.compare.tolerance import Tolerance


def _picture(mode: str, size: tuple[int, int] = (13, 7)) -> Pillow.Image:
    width, height = size
    count = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[mode]
    data = bytes((i * 37 + i // 5) % 256 for i in range(width * height * count))
    return Pillow.frombytes(mode, size, data)


def _encoded(image: Pillow.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def _bytes_rgba(data: bytes) -> bytes:
    """Return our pixels as Pillow gives them: the high byte of each sample."""
    return decode_png(data).rgba[::2]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (13, 7), (64, 33)])
def test_modes(mode: str, size: tuple[int, int]) -> None:
    """Greyscale and colour, with and without alpha."""
    image = _picture(mode, size)
    assert image.convert("RGBA").tobytes() == _bytes_rgba(_encoded(image))


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_palettes(bits: int) -> None:
    """Palettes of every depth, one colour transparent."""
    image = _picture("RGB").quantize(2**bits)
    data = _encoded(image, bits=bits, transparency=1)
    assert Pillow.open(io.BytesIO(data)).convert("RGBA").tobytes() == _bytes_rgba(data)


def test_one_bit_grey() -> None:
    """Black and white."""
    image = _picture("L").convert("1")
    assert image.convert("RGBA").tobytes() == _bytes_rgba(_encoded(image))


def test_sixteen_bits() -> None:
    """Samples of 16 bit keep both bytes."""
    values = [(i * 1021) % 65536 for i in range(91)]
    data = _encoded(Pillow.frombytes("I;16", (13, 7), struct.pack("<91H", *values)))
    assert values == [value[0] for value in struct.iter_unpack(">4H", decode_png(data).rgba)]


def _chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def _written(raw: bytes, *, size: tuple[int, int], interlaced: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(raw))
        + _chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 4])
def test_line_filters(kind: int) -> None:
    """Each of the five filters, written by hand."""
    lines = b"".join(bytes([kind]) + bytes((i * 53 + row) % 256 for i in range(39)) for row in range(7))
    data = _written(lines, size=(13, 7))
    assert Pillow.open(io.BytesIO(data)).convert("RGBA").tobytes() == _bytes_rgba(data)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (8, 8), (13, 7)])
def test_interlaced(size: tuple[int, int]) -> None:
    """Adam7, which Pillow reads and does not write."""
    width, height = size
    starts = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    raw = b""
    for x, y, dx, dy in starts:
        columns, rows = len(range(x, width, dx)), len(range(y, height, dy))
        if columns and rows:
            raw += b"".join(
                b"\0" + bytes((n * 29 + r * 7) % 256 for n in range(3 * columns)) for r in range(rows)
            )
    data = _written(raw, size=size, interlaced=1)
    assert Pillow.open(io.BytesIO(data)).convert("RGBA").tobytes() == _bytes_rgba(data)


@given(st.binary(max_size=300))
def test_never_another_error(tail: bytes) -> None:
    """Whatever follows the signature is decoded or refused."""
    for data in (tail, b"\x89PNG\r\n\x1a\n" + tail):
        with pytest.raises(NotDecodable):
            decode_png(data)


@given(st.integers(min_value=8, max_value=150), st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_is_refused_or_harmless(place: int, bit: int) -> None:
    """A damaged file never gives other pixels."""
    data = bytearray(_encoded(_picture("RGB", (4, 4))))
    before = decode_png(bytes(data))
    data[place % len(data)] ^= 1 << bit
    with contextlib.suppress(NotDecodable):
        assert decode_png(bytes(data)) == before


def _compared(was: bytes, now: bytes) -> tuple[str, str]:
    outcome = compare_image(base64.b64encode(was).decode(), base64.b64encode(now).decode(), Tolerance())
    return outcome.verdict, outcome.why


def test_figures() -> None:
    """Re-compressed is the same figure; another pixel, another size and a blank one are not."""
    image = _picture("RGB")
    data = _encoded(image)
    changed = image.copy()
    changed.putpixel((0, 0), (1, 2, 3))
    assert _compared(data, _encoded(image, compress_level=0)) == (
        "equivalent",
        "the same pixels, encoded otherwise",
    )
    assert _compared(data, _encoded(changed))[1].startswith("1 pixel differs, of 91 (1.1 %)")
    assert _compared(data, _encoded(_picture("RGB", (14, 7))))[0] == "differs"
    assert "cannot be looked into" in _compared(data, b"no image")[1]
