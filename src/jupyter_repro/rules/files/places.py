"""Where in the text of a notebook the source of each cell stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Source", "file_line", "sources"]

_SPACE = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode


class Source(NamedTuple):
    """The source of one cell, as places in the text of the file."""

    start: int
    end: int
    texts: tuple[tuple[int, int], ...]
    """The JSON texts that it is put together of; one if it is not a list."""


def sources(text: str) -> list[Source | None]:
    """Return the source of each cell, None where a cell has none; of a key that is there twice the last counts.

    Args:
        text: Valid JSON: an object whose ``cells`` are a list of objects.
    """
    found: list[Source | None] = []
    for key, at in _members(text, _after_space(text, 0)):
        if key == "cells":
            found = [
                next(
                    (
                        _source(text, value)
                        for name, value in [*_members(text, cell)][::-1]
                        if name == "source"
                    ),
                    None,
                )
                for cell in _items(text, at)
            ]
    return found


def file_line(text: str, source: Source | None, line: int) -> int:
    """Return the line of the file at which a line of a source stands, from 1; 1 if it is not known."""
    if source is None:
        return 1
    before = 1
    for start, _ in source.texts:
        value, _ = _decode(text, start)
        before += value.count("\n")
        if line < before or (line == before and not value.endswith("\n")):
            return text.count("\n", 0, start) + 1
    return text.count("\n", 0, source.start) + 1


def _source(text: str, at: int) -> Source:
    _, end = _decode(text, at)
    places = [*_items(text, at)] if text[at] == "[" else [at]
    return Source(at, end, tuple((place, _decode(text, place)[1]) for place in places))


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the keys of an object, each with the place of its value."""
    at = _after_space(text, at + 1)
    while text[at] != "}":
        key, at = _decode(text, at)
        at = _after_space(text, _after_space(text, at) + 1)
        yield key, at
        at = _after_comma(text, _decode(text, at)[1])


def _items(text: str, at: int) -> Iterator[int]:
    """Yield the places of the values of a list."""
    at = _after_space(text, at + 1)
    while text[at] != "]":
        yield at
        at = _after_comma(text, _decode(text, at)[1])


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
