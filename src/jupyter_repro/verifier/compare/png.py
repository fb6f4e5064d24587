"""PNG: decoded and compared by pixels.

The decoder follows the PNG specification (third edition, W3C 2025): all colour types and bit depths,
transparency, and Adam7 interlacing. Text, time and other ancillary chunks show nothing and are skipped.
"""

from __future__ import annotations

import dataclasses
import struct
import zlib

__all__ = ["Image", "NotDecodable", "decode_png"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_MOST_PIXELS = 100_000_000
_GREY, _PALETTE, _GREY_ALPHA, _WORD = 0, 3, 4, 16


class NotDecodable(ValueError):
    """Not a PNG that can be shown."""


@dataclasses.dataclass(frozen=True)
class Image:
    """Pixels, row by row from the top: four samples (red, green, blue, alpha) of 16 bit each, big endian."""

    width: int
    height: int
    rgba: bytes


@dataclasses.dataclass
class _Header:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    @property
    def bits(self) -> int:
        return self.depth * _CHANNELS[self.colour]


def decode_png(data: bytes) -> Image:
    """Return the pixels of a PNG.

    Raises:
        NotDecodable: It is damaged, or too big to be looked at.
    """
    try:
        return _decode(data)
    except (struct.error, zlib.error, IndexError, ValueError) as error:
        raise NotDecodable(str(error)) from error


def _decode(data: bytes) -> Image:
    header, body, palette, transparent = _chunks(data)
    passes = _ADAM7 if header.interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(header.width - x) // dx), -(-(header.height - y) // dy)) for x, y, dx, dy in passes]
    expected = sum(h * (1 + (w * header.bits + 7) // 8) for w, h in sizes if w > 0 and h > 0)
    inflater = zlib.decompressobj()
    raw = inflater.decompress(body, expected)
    if len(raw) != expected:
        raise NotDecodable("the pixels are cut off")
    if not header.interlaced:
        return Image(
            header.width,
            header.height,
            _rgba(_unfiltered(raw, 0, header, *sizes[0])[0], header, palette, transparent, header.width),
        )
    return _deinterlaced(raw, header, palette, transparent, sizes)


def _chunks(data: bytes) -> tuple[_Header, bytes, bytes, bytes | None]:
    if data[:8] != _SIGNATURE:
        raise NotDecodable("it is not a PNG")
    found: dict[bytes, list[bytes]] = {}
    place = 8
    while place + 12 <= len(data) and b"IEND" not in found:
        size, kind = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + size]
        if zlib.crc32(kind + content) != struct.unpack_from(">I", data, place + 8 + size)[0]:
            raise NotDecodable("a chunk is damaged")
        found.setdefault(kind, []).append(content)
        place += 12 + size
    if b"acTL" in found:
        raise NotDecodable("it is animated, and only its first frame could be looked at")
    if b"IHDR" not in found or b"IDAT" not in found:
        raise NotDecodable("it has no pixels")
    palette, transparent = found.get(b"PLTE", [b""])[-1], found.get(b"tRNS", [None])[-1]
    return _header(found[b"IHDR"][-1]), b"".join(found[b"IDAT"]), palette, transparent


def _header(content: bytes) -> _Header:
    width, height, depth, colour, compression, filtering, interlacing = struct.unpack(">IIBBBBB", content)
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlacing > 1:
        raise NotDecodable("its header is not valid")
    if not 0 < width * height <= _MOST_PIXELS:
        raise NotDecodable("it is too big to be looked at")
    return _Header(width, height, depth, colour, bool(interlacing))


def _unfiltered(
    raw: bytes, place: int, header: _Header, width: int, height: int
) -> tuple[list[bytearray], int]:
    """Undo the line filters; return the lines and where they end."""
    length = (width * header.bits + 7) // 8
    step = max(1, header.bits // 8)
    before = bytearray(length)
    lines = []
    for _ in range(height):
        kind = raw[place]
        line = bytearray(raw[place + 1 : place + 1 + length])
        _unfilter(kind, line, before, step)
        lines.append(line)
        before = line
        place += 1 + length
    return lines, place


def _unfilter(kind: int, line: bytearray, above: bytearray, step: int) -> None:
    if kind == 0:
        return
    if kind == 1:
        for i in range(step, len(line)):
            line[i] = (line[i] + line[i - step]) & 255
    elif kind == 2:  # noqa: PLR2004 - the filter types of the specification
        for i, up in enumerate(above):
            line[i] = (line[i] + up) & 255
    elif kind == 3:  # noqa: PLR2004 - as above
        for i, up in enumerate(above):
            left = line[i - step] if i >= step else 0
            line[i] = (line[i] + (left + up) // 2) & 255
    elif kind == 4:  # noqa: PLR2004 - as above
        _unpaeth(line, above, step)
    else:
        raise NotDecodable("a line has an unknown filter")


def _unpaeth(line: bytearray, above: bytearray, step: int) -> None:
    for i, up in enumerate(above):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        guess = left + up - corner
        near_left, near_up, near_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
        if near_left <= near_up and near_left <= near_corner:
            best = left
        elif near_up <= near_corner:
            best = up
        else:
            best = corner
        line[i] = (line[i] + best) & 255


def _rgba(
    lines: list[bytearray], header: _Header, palette: bytes, transparent: bytes | None, width: int
) -> bytes:
    return b"".join(_line_rgba(line, header, palette, transparent, width) for line in lines)


def _line_rgba(
    line: bytearray, header: _Header, palette: bytes, transparent: bytes | None, width: int
) -> bytes:
    """Return one line as 16-bit samples."""
    if header.depth == 8 and header.colour != _PALETTE and not transparent:  # noqa: PLR2004 - one byte a sample
        return _bytes_rgba(line, header.colour, width)
    samples = _samples(line, header, width)
    if header.colour == _PALETTE:
        return b"".join(_palette_pixel(index, palette, transparent) for index in samples)
    top = (1 << header.depth) - 1
    scaled = samples if header.depth == _WORD else [sample * 65535 // top for sample in samples]
    channels = _CHANNELS[header.colour]
    key = struct.unpack(f">{channels}H", transparent) if transparent and header.colour in (0, 2) else None
    out = []
    for i in range(0, width * channels, channels):
        pixel = scaled[i : i + channels]
        alpha = (
            pixel[-1] if header.colour in (4, 6) else 0 if key == tuple(samples[i : i + channels]) else 65535
        )
        colour = pixel[:1] * 3 if header.colour in (_GREY, _GREY_ALPHA) else pixel[:3]
        out += [*colour, alpha]
    return struct.pack(f">{len(out)}H", *out)


def _bytes_rgba(line: bytearray, colour: int, width: int) -> bytes:
    """Return a line of one byte a sample, plane by plane: a byte twice is its 16-bit value."""
    channels = _CHANNELS[colour]
    planes = [bytes(line[channel : width * channels : channels]) for channel in range(channels)]
    shades = planes[:1] * 3 if channels < 3 else planes[:3]  # noqa: PLR2004 - grey, or red, green and blue
    alpha = planes[-1] if colour in (_GREY_ALPHA, 6) else b"\xff" * width
    out = bytearray(8 * width)
    for place, plane in enumerate((*shades, alpha)):
        out[2 * place :: 8] = plane
        out[2 * place + 1 :: 8] = plane
    return bytes(out)


def _samples(line: bytearray, header: _Header, width: int) -> list[int]:
    count = width * _CHANNELS[header.colour]
    if header.depth == 8:  # noqa: PLR2004 - one byte a sample
        return list(line[:count])
    if header.depth == _WORD:
        return list(struct.unpack(f">{count}H", bytes(line)))
    mask = (1 << header.depth) - 1
    found = [(byte >> shift) & mask for byte in line for shift in range(8 - header.depth, -1, -header.depth)]
    return found[:count]


def _palette_pixel(index: int, palette: bytes, transparent: bytes | None) -> bytes:
    red, green, blue = palette[3 * index : 3 * index + 3]
    alpha = transparent[index] if transparent is not None and index < len(transparent) else 255
    return struct.pack(">4H", red * 257, green * 257, blue * 257, alpha * 257)


def _deinterlaced(
    raw: bytes, header: _Header, palette: bytes, transparent: bytes | None, sizes: list[tuple[int, int]]
) -> Image:
    pixels = bytearray(header.width * header.height * 8)
    place = 0
    for (x, y, dx, dy), (width, height) in zip(_ADAM7, sizes, strict=True):
        if width <= 0 or height <= 0:
            continue
        lines, place = _unfiltered(raw, place, header, width, height)
        for row, line in enumerate(lines):
            colours = _line_rgba(line, header, palette, transparent, width)
            for column in range(width):
                target = ((y + row * dy) * header.width + x + column * dx) * 8
                pixels[target : target + 8] = colours[column * 8 : column * 8 + 8]
    return Image(header.width, header.height, bytes(pixels))
