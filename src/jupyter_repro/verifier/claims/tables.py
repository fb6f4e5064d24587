"""The cells of a table in HTML, with the labels of their rows and columns."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Table", "tables_in"]

_MOST_SPAN = 1000


@dataclasses.dataclass
class _Row:
    cells: list[tuple[str, bool]] = dataclasses.field(default_factory=list)
    """Text, and whether it is a header."""
    head: bool = False
    """It stands in ``<thead>``, or holds headers only."""


@dataclasses.dataclass(frozen=True)
class Table:
    """Headers of columns, and rows with their labels."""

    columns: tuple[str, ...]
    """The label of each column: all its headers, from the top, with a space between."""
    rows: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    """What may name a row: its headers, each and together, or its first cell."""

    def part(self, row: str, column: str) -> str | None:
        """Return the cells of a row, of a column, or where both cross, one a line; None if there is no such place.

        A label that names several rows or columns names none.
        """
        places = [number for number, labels in enumerate(self.labels) if row in labels]
        columns = [number for number, label in enumerate(self.columns) if _is(column, label)]
        if (row and len(places) != 1) or (column and len(columns) != 1):
            return None
        chosen = [self.rows[number] for number in places] if row else list(self.rows)
        cells = [[each[n] if n < len(each) else "" for n in columns] if column else each for each in chosen]
        return "\n".join(" | ".join(each) for each in cells)


def _is(column: str, label: str) -> bool:
    return bool(column) and (label == column or label.rpartition("\n")[2] == column)


def tables_in(html: str) -> list[Table]:
    """Return the tables of a page in their order; those inside another are part of it."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # a declaration that html.parser gives up on
        return []
    return [_table(rows) for rows in reader.tables]


def _table(rows: Iterable[_Row]) -> Table:
    heads: list[list[str]] = []
    bodies: list[list[tuple[str, bool]]] = []
    for row in rows:
        if row.head or (row.cells and all(header for _, header in row.cells)):
            heads.append([text for text, _ in row.cells])
        elif row.cells:
            bodies.append(row.cells)
    width = max((*map(len, heads), *map(len, bodies)), default=0)
    columns = []
    for number in range(width):
        told = [head[number] for head in heads if number < len(head)]
        columns.append("\n".join(text for text in told if text))
    return Table(
        tuple(columns),
        tuple(tuple(text for text, _ in row) for row in bodies),
        tuple(_labels(row) for row in bodies),
    )


def _labels(row: list[tuple[str, bool]]) -> tuple[str, ...]:
    headers = [text for text, header in row if header] or [row[0][0]]
    return tuple(dict.fromkeys((*headers, " ".join(headers))))


class _Reader(HTMLParser):
    """Collects rows of cells; a cell over several columns counts once for each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[_Row]] = []
        self._depth = 0
        self._head = False
        self._cell: list[str] | None = None
        self._kind = ("td", 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth != 1:
            return
        elif tag in ("thead", "tbody"):
            self._head = tag == "thead"
        elif tag == "tr":
            self._end_cell()
            self.tables[-1].append(_Row(head=self._head))
        elif tag in ("td", "th") and self.tables[-1]:
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._kind = (tag, min(int(span), _MOST_SPAN) if span.isdecimal() else 1)
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._end_cell()
            self._depth -= 1
            self._head = False
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self.tables and self.tables[-1]:
            tag, span = self._kind
            text = " ".join("".join(self._cell).split())
            self.tables[-1][-1].cells += [(text, tag == "th")] * span
        self._cell = None
