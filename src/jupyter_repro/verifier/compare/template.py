"""A text with holes: what several runs of the author printed alike, and the places where they did not.

A hole takes one token of its kind (a number, a word, a time of day, a date, a moment), or any tokens of one line
(``text``) or of several (``lines``) where runs printed more or fewer. Blanks between tokens do not count.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from .numbers import compare_numbers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from .tolerance import Tolerance

__all__ = ["HOLES", "Template", "Token", "TooLong", "learned", "tokens"]

HOLES = ("number", "word", "time", "date", "moment", "text", "lines")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_TOKEN = re.compile(
    rf"""(?P<moment>\bdatetime\.datetime\([0-9, ]+\)
      | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?
      | (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ]{_MONTH}[ ]+[0-9]{{1,2}}[ ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[ ][0-9]{{4}})
      | (?P<date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{2,4}}
      | (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?[ ])?
        (?:[0-9]{{1,2}}[ ]{_MONTH}[ ][0-9]{{4}}|{_MONTH}[ ]+[0-9]{{1,2}},?[ ][0-9]{{4}}))
      | (?P<time>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?)
      | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]))
      | (?P<word>[A-Za-z0-9_]+)
      | (?P<line>\n)
      | (?P<mark>[^\sA-Za-z0-9_])""",
    re.VERBOSE,
)
_MOST_TOKENS = 20_000
_MOST_TEXT = 2_000_000
_MOST_ALIGNED = 3_000
"""Aligning takes the square of the number of tokens, where they repeat."""
_DATES = ("%Y-%m-%d", "%d %b %Y", "%b %d %Y", "%d %B %Y", "%B %d %Y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y")


class TooLong(ValueError):
    """The texts differ, and are too long for what is common to be found."""


class Token(NamedTuple):
    """One token of a text; ``kind`` is a hole's, ``line`` or ``mark``."""

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, without blanks."""
    return [Token(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text)]


class Template(NamedTuple):
    """Fixed tokens and holes, in order."""

    parts: tuple[Token, ...]
    """A hole has the kind ``hole``, and its own kind as text."""

    @property
    def holes(self) -> int:
        """How many places may hold something else."""
        return sum(part.kind == "hole" for part in self.parts)

    def share(self) -> float:
        """Return which share of the words and numbers is a hole; clock readings do not count, nor do few."""
        counted = [part for part in self.parts if part.kind not in ("mark", "line")]
        open_ = [p for p in counted if p.kind == "hole" and p.text not in ("time", "date", "moment")]
        return 0.0 if len(open_) <= _FEW else len(open_) / len(counted)

    def fits(self, text: str, tolerance: Tolerance) -> bool:
        """Tell whether a text is this one with something in its holes."""
        states = _skipped(self.parts, {0})
        for token in tokens(text[:_MOST_TEXT]):
            states = _skipped(self.parts, set(_next(self.parts, states, token, tolerance)))
            if not states:
                return False
        return len(self.parts) in states and len(text) <= _MOST_TEXT

    def to_json(self) -> list[list[str]]:
        """Return pairs of kind and text."""
        return [[part.kind, part.text] for part in self.parts]


_FEW = 8


def _skipped(parts: Sequence[Token], states: set[int]) -> set[int]:
    """Add the places that are reached by leaving holes for any tokens empty."""
    found = set(states)
    for state in states:
        at = state
        while at < len(parts) and parts[at].kind == "hole" and parts[at].text in ("text", "lines"):
            at += 1
            found.add(at)
    return found


def _next(parts: Sequence[Token], states: set[int], token: Token, tolerance: Tolerance) -> Iterator[int]:
    for state in states:
        if state == len(parts):
            continue
        kind, text = parts[state]
        if kind != "hole":
            if _same(parts[state], token, tolerance):
                yield state + 1
        elif text == "lines" or (text == "text" and token.kind != "line"):
            yield state
        elif text == token.kind or (text == "word" and token.kind == "number"):
            yield state + 1


def _same(was: Token, now: Token, tolerance: Tolerance) -> bool:
    if was == now or was.kind != "number" or now.kind != "number":
        return was == now
    return compare_numbers(was.text, now.text, tolerance).verdict != "differs"


def learned(texts: Sequence[str], day: dt.date | None = None) -> Template | None:
    """Return what the texts of several runs have in common; None if that is everything.

    Args:
        texts: The reference first.
        day: When the runs were made: beside a time of day that varies, this date is the clock's as well.

    Raises:
        TooLong: What they have in common cannot be found.
    """
    rows = [tokens(text) for text in texts]
    if all(row == rows[0] for row in rows):
        return None
    kinds = [[token.kind for token in row] for row in rows]
    same_shape = all(row == kinds[0] for row in kinds)
    if max(map(len, rows)) > (_MOST_TOKENS if same_shape else _MOST_ALIGNED):
        raise TooLong
    parts = _in_step(rows) if same_shape else _aligned(rows)
    clock = any(part.kind == "hole" and part.text in ("time", "moment") for part in parts)
    if clock and day is not None:
        parts = [_hole("date") if _is_day(part, day) else part for part in parts]
    return Template(tuple(parts))


def _hole(kind: str) -> Token:
    return Token("hole", kind)


def _in_step(rows: Sequence[Sequence[Token]]) -> list[Token]:
    """Return the parts where all runs have tokens of the same kinds: marks that vary are text."""
    found = []
    for column in zip(*rows, strict=True):
        kind = column[0].kind
        varies = any(token != column[0] for token in column)
        found.append(_hole("text" if kind == "mark" else kind) if varies else column[0])
    return found


def _aligned(rows: Sequence[Sequence[Token]]) -> list[Token]:
    """Return the parts where runs have more or fewer tokens: what all have in common stays."""
    first = rows[0]
    gone: dict[int, str] = {}
    """Tokens of the first run that another has not, by place, with the hole that takes their place."""
    added: dict[int, str] = {}
    for row in rows[1:]:
        matcher = difflib.SequenceMatcher(None, first, row, autojunk=False)
        for word, start, end, low, high in matcher.get_opcodes():
            if word == "equal":
                continue
            lines = any(token.kind == "line" for token in (*first[start:end], *row[low:high]))
            typed = end - start == high - low and all(
                a.kind == b.kind for a, b in zip(first[start:end], row[low:high], strict=True)
            )
            for place in range(start, end):
                kind = first[place].kind if typed and first[place].kind in HOLES else "text"
                gone[place] = _wider(gone.get(place, kind), "lines" if lines and not typed else kind)
            if start == end:
                added[start] = _wider(added.get(start, "text"), "lines" if lines else "text")
    found: list[Token] = []
    for place in range(len(first) + 1):
        if place in added:
            found.append(_hole(added[place]))
        if place in gone:
            found.append(_hole(gone[place]))
        elif place < len(first):
            found.append(first[place])
    return _merged(found)


def _wider(a: str, b: str) -> str:
    """Return a hole that takes what either takes."""
    return a if a == b else "lines" if "lines" in (a, b) else "text"


def _merged(parts: list[Token]) -> list[Token]:
    """Make one hole of neighbouring holes that take any tokens."""
    found: list[Token] = []
    for part in parts:
        loose = part.kind == "hole" and part.text in ("text", "lines")
        if loose and found and found[-1].kind == "hole" and found[-1].text in ("text", "lines"):
            found[-1] = _hole(_wider(found[-1].text, part.text))
        else:
            found.append(part)
    return found


def _is_day(token: Token, day: dt.date) -> bool:
    return token.kind == "date" and _bare(token.text) in {_bare(day.strftime(form)) for form in _DATES}


def _bare(date: str) -> str:
    """Return a date without its weekday, commas and leading zeros."""
    text = re.sub(r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+", "", date).replace(",", "")
    return " ".join(re.sub(r"\b0", "", text).split())
