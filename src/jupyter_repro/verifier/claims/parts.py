"""The part of a cell's outputs that a claim is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..compare.comparer import joined
from ..compare.streams import stream_text
from ..compare.terminal import rendered
from .tables import tables_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .claim import Claim

__all__ = ["part_of"]

_NUMBER = re.compile(r"[-+]?(?:\d[\d_,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?|\b(?:nan|inf)\b", re.IGNORECASE)
_BETWEEN = 40
"""Characters that may stand between a label and its number."""


def part_of(claim: Claim, cell: Mapping[str, Any]) -> str | None:
    """Return the part as text; None where the cell's outputs have no such part, or several rows of that name."""
    if claim.after:
        found = (_after(claim.after, text) for text in _texts(cell))
        return next((each for each in found if each is not None), None)
    tables = (table for text in _pages(cell) for table in tables_in(text))
    parts = (table.part(claim.row, claim.column) for table in tables)
    return next((each for each in parts if each is not None), None)


def _after(label: str, text: str) -> str | None:
    """Return the first number behind the label, on its line or next to it."""
    start = 0
    while (place := text.find(label, start)) >= 0:
        start = place + len(label)
        line = text[start : start + _BETWEEN + 40].split("\n", 1)[0]
        number = _NUMBER.search(line)
        if number is not None and number.start() <= _BETWEEN:
            return number[0]
    return None


def _texts(cell: Mapping[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs", ())
    yield rendered(stream_text(outputs, "stdout"))
    for output in outputs:
        for mime in ("text/plain", "text/markdown", "text/latex", "text/html"):
            if mime in output.get("data", {}):
                yield rendered(joined(output["data"][mime]))


def _pages(cell: Mapping[str, Any]) -> Iterator[str]:
    for output in cell.get("outputs", ()):
        if "text/html" in output.get("data", {}):
            yield joined(output["data"]["text/html"])
