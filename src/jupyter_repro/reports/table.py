"""Columns of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["table"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Align columns with two spaces between; the last one is not padded."""
    lines = [list(head), *(list(row) for row in rows)]
    used = [i for i in range(len(head)) if any(line[i] for line in lines[1:])]
    widths = {i: max(len(line[i]) for line in lines) for i in used}
    for number, line in enumerate(lines):
        text = "  ".join(line[i].ljust(widths[i]) for i in used).rstrip()
        yield text
        if number == 0:
            yield "  ".join("-" * widths[i] for i in used)
