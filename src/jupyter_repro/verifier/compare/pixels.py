"""Two images of one size that are not the same: whether anyone could see it.

A difference is excused only where it is edge jitter: at most 4 of 255 levels in each channel, at a pixel that
was on an edge already, in at most 1 % of the pixels. Inside an area of one colour the colour is a result: a tile
of a heat map that moved by one level is another number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome import Outcome, differs

if TYPE_CHECKING:
    from .png import Image

__all__ = ["changed_pixels", "compare_pixels"]

_FAINT = 4
"""Levels of 255 that a channel may move."""
_EDGE = 16
"""Levels of 255 between neighbours from which there is an edge."""
_FEW = 0.01
_SIZE = 8
"""Bytes of a pixel: four samples of 16 bit."""


def compare_pixels(was: Image, now: Image) -> Outcome:
    """Say how many pixels differ, by how much and where; they do differ."""
    places = changed_pixels(was, now)
    most = max(_apart(was, place, now, place) for place in places)
    total = was.width * was.height
    count = "1 pixel differs" if len(places) == 1 else f"{len(places)} pixels differ"
    said = f"{count}, of {total} ({100 * len(places) / total:.2g} %), by up to {most} of 255"
    if most <= _FAINT and len(places) <= _FEW * total and all(_on_edge(was, place) for place in places):
        return Outcome("within tolerance", f"{said}, on edges only: nobody can see it", most / 255)
    return differs(f"{said}, {_box(places, was.width)}")


def changed_pixels(was: Image, now: Image) -> list[int]:
    """Return the numbers of the pixels that are not the same."""
    row = _SIZE * was.width
    found: list[int] = []
    for y in range(was.height):
        before, after = was.rgba[y * row : (y + 1) * row], now.rgba[y * row : (y + 1) * row]
        if before != after:
            pairs = zip(memoryview(before).cast("Q"), memoryview(after).cast("Q"), strict=True)
            found += (y * was.width + x for x, (a, b) in enumerate(pairs) if a != b)
    return found


def _apart(was: Image, place: int, now: Image, other: int) -> int:
    """Return by how many levels the channels of two pixels differ at most; 1 also where less than one."""
    a = was.rgba[_SIZE * place : _SIZE * (place + 1)]
    b = now.rgba[_SIZE * other : _SIZE * (other + 1)]
    return 0 if a == b else max(1, *(abs(x - y) for x, y in zip(a[::2], b[::2], strict=True)))


def _on_edge(image: Image, place: int) -> bool:
    y, x = divmod(place, image.width)
    beside = ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
    return any(
        _apart(image, place, image, v * image.width + u) >= _EDGE
        for u, v in beside
        if 0 <= u < image.width and 0 <= v < image.height
    )


def _box(places: list[int], width: int) -> str:
    columns, rows = [place % width for place in places], [place // width for place in places]
    return f"in x {min(columns)} to {max(columns)}, y {min(rows)} to {max(rows)}"
