"""The report on a terminal: a line a cell with the reason, the claims, and which cell went another way first."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["report_lines", "shown"]

_MARKS = {
    "identical": "=",
    "equivalent": "=",
    "within tolerance": "~",
    "volatile": "?",
    "differs": "!",
    "error": "!",
    "not run": "-",
}
_LEAST = 40


def report_lines(report: Mapping[str, Any], *, width: int) -> Iterator[str]:
    """Yield the lines.

    Args:
        report: The content of ``report.json``.
        width: Columns of the terminal.
    """
    rows = report["cells"]
    labels = max((len(shown(row["label"])) for row in rows), default=0)
    words = max((len(shown(row["verdict"])) for row in rows), default=0)
    indent = " " * (labels + words + 8)
    for row in rows:
        head = f"  {_MARKS.get(row['verdict'], '?')} {shown(row['label']):<{labels}}  {shown(row['verdict']):<{words}}  "
        yield from _wrapped(head, shown(row["why"]), indent, width)
        if row["causes"]:
            first = row["causes"][0]
            word = "perhaps: " if first["certainty"] == "possible" else "because "
            yield from _wrapped(indent + word, shown(first["text"]), indent + " " * len(word), width)
        elif row["unexplained"]:
            yield from _wrapped(indent, shown(row["unexplained"]), indent, width)
    yield from _claims(report["claims"], width)
    if first := report["first_divergence"]:
        yield ""
        yield from _wrapped(
            f"first to differ: {shown(first['label'])}: ", shown(first["why"]), " " * 17, width
        )


def _claims(claims: list[dict[str, Any]], width: int) -> Iterator[str]:
    if not claims:
        return
    yield ""
    yield "claims"
    texts = [shown(claim["text"], most=60) for claim in claims]
    places = [shown(f"{c['label']}, {c['part']}" if c["part"] else c["label"], most=60) for c in claims]
    sizes = max(map(len, texts)), max(map(len, places)), max(len(shown(claim["verdict"])) for claim in claims)
    for claim, text, place in zip(claims, texts, places, strict=True):
        mark = _MARKS.get(claim["verdict"], "?")
        head = f"  {mark} {text:<{sizes[0]}}  {place:<{sizes[1]}}  {shown(claim['verdict']):<{sizes[2]}}  "
        yield from _wrapped(head, shown(claim["why"] or claim["fresh"] or ""), " " * 8, width)


def _wrapped(head: str, text: str, indent: str, width: int) -> Iterator[str]:
    """Yield one line, or several where it is too long; a text that would not fit beside its head goes below it."""
    if len(head) + len(text) <= width:
        yield f"{head}{text}".rstrip()
        return
    room = max(width - len(indent), _LEAST)
    if len(head) > len(indent) + 8 or width - len(head) < _LEAST:
        yield head.rstrip()
        yield from (indent + line for line in textwrap.wrap(text, room))
        return
    lines = textwrap.wrap(text, room, initial_indent=" " * (len(head) - len(indent)))
    yield head + lines[0].lstrip()
    yield from (indent + line for line in lines[1:])


def shown(text: str, *, most: int = 300) -> str:
    """Make a string from a bundle harmless for a terminal: one line, no control or direction characters."""
    line = " ".join(text.split())
    safe = "".join(c if c.isprintable() else "?" for c in line)
    return safe if len(safe) <= most else safe[: most - 3] + "..."
