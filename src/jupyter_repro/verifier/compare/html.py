"""HTML: the same elements and text; made-up ids are renamed, cells of tables are compared one by one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent, worst
from .text import compare_text
from .wording import became

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_html"]

_GIVEN = re.compile(
    r"""["']?\b(?:docid|uuid|uid|elementid|root_ids?|model_id)["']?\s*:\s*["']([0-9a-f-]{32,36})["']"""
)
"""Where a script gives an id that is no element's, as Bokeh does for its documents."""
_MADE_UP = re.compile(
    r"""\b(?: T_[0-9a-f]{5}
          | sk-(?:container|estimator)-id-[0-9]+
          | altair-viz-[0-9a-f]{32}
          | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
          | [0-9a-f]{32}
        )(?=[^0-9a-f]|$)""",
    re.VERBOSE,
)
"""Ids that libraries make up at each display: pandas Styler, scikit-learn, Altair, UUIDs."""


class _Events(HTMLParser):
    """The page as a flat list: tags with their attributes, and texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[tuple[str, str]] = []
        self.row = self.column = 0
        self.ids: list[str] = []
        self._kept = 0
        """Open elements in which white space is shown as it is."""
        self.places: list[str] = []
        """For each event, where in a table it lies."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.row = 0
        elif tag == "tr":
            self.row, self.column = self.row + 1, 0
        elif tag in ("td", "th"):
            self.column += 1
        elif tag == "pre":
            self._kept += 1
        self.ids += [value for name, value in attrs if name == "id" and value]
        self._add("tag", tag + "".join(f" {name}={value}" for name, value in sorted(attrs, key=str)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._kept = max(0, self._kept - 1)
        self._add("end", tag)

    def handle_data(self, data: str) -> None:
        if self._kept:
            self._add("text", data)
        elif data.strip():
            self._add("text", " ".join(data.split()))

    def handle_comment(self, data: str) -> None:
        """Comments show nothing."""

    def _add(self, kind: str, content: str) -> None:
        self.events.append((kind, content))
        self.places.append(f"row {self.row}, column {self.column}" if self.row else "")


def compare_html(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two pieces of HTML."""
    if reference == fresh:
        return IDENTICAL
    try:
        was, now = _renamed(reference), _renamed(fresh)
        before, after = _parsed(was), _parsed(now)
    except AssertionError:
        return differs("the HTML has other bytes and cannot be looked into")
    if was == now:
        return equivalent("the same but for made-up ids")
    if len(before.events) != len(after.events):
        return differs("the HTML has other elements: " + _shape(before, after))
    outcomes = [equivalent("the same elements and text")]
    for (kind, old), (other, new), place in zip(before.events, after.events, before.places, strict=True):
        if kind != other:
            return differs("the HTML has other elements")
        outcome = compare_text(old, new, tolerance)
        if outcome.verdict == "differs":
            where = f"{place}: " if place else ""
            return differs(where + became(old, new))
        outcomes.append(outcome)
    return worst(outcomes)


def _renamed(text: str) -> str:
    """Replace each made-up id by its number in the order of appearance.

    Only what names an element is an id: a digest that is shown as text is a result.
    """
    named = [*_parsed(text).ids, *_GIVEN.findall(text)]
    ids = {match[0] for name in named for match in _MADE_UP.finditer(name)}
    numbers: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"id{len(numbers)}") if match[0] in ids else match[0]

    return _MADE_UP.sub(rename, text)


def _parsed(text: str) -> _Events:
    """Return the events of a page.

    Raises:
        AssertionError: The page holds a declaration that :mod:`html.parser` gives up on.
    """
    events = _Events()
    events.feed(text)
    events.close()
    return events


def _shape(before: _Events, after: _Events) -> str:
    def rows(page: _Events) -> int:
        return sum(kind == "tag" and content.split(" ")[0] == "tr" for kind, content in page.events)

    if rows(before) != rows(after):
        return f"{rows(before)} table rows became {rows(after)}"
    return f"{len(before.events)} became {len(after.events)}"


def _text(value: str) -> str:
    """Return the tags and texts of a page, one a line."""
    try:
        return "\n".join(content for _kind, content in _parsed(_renamed(value)).events)
    except AssertionError:
        return value


COMPARER = Comparer(("text/html",), compare_html, text=_text)
