"""A status as a piece of HTML for a cell's output: no script, nothing loaded from elsewhere, everything escaped.

Front ends set light or dark text themselves: borders are half transparent and no background is painted.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from .data_text import printable
from .trackers_text import tracked_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_repro.records import CellVerdict, Status, Verdict
    from jupyter_repro.records.trackers import TrackedRun

__all__ = ["status_html"]

_GOOD, _BAD, _NEAR, _NONE = "#2b8a53", "#d1483e", "#a9790a", "#7d868f"
"""Legible on white and on black."""
_MARKS: dict[str, tuple[str, str]] = {
    "reproduced": ("✓", _GOOD),
    "differs": ("✗", _BAD),
    "unknown": ("?", _NEAR),
    "nothing run": ("·", _NONE),
    "not run": ("·", _NONE),
    "edited": ("✎", _NEAR),
}
_LINE = "1px solid rgba(128,128,128,.35)"
_CELL = "text-align:left;vertical-align:top;padding:.25em .9em .25em 0;white-space:normal;background:none;border:0;"
_MOST_CELLS = 200
_MOST_TEXT = 600
_QUIET = ("reproduced", "not run")


def status_html(status: Status) -> str:
    """Return the status as a fragment that stands by itself."""
    return f'<div style="max-width:60em;line-height:1.45">{"".join(_parts(status))}</div>'


def _parts(status: Status) -> Iterator[str]:
    mark, colour = _MARKS[status.verdict]
    yield (
        f'<div style="font-weight:600;font-size:1.08em"><span style="color:{colour}">{mark}</span> '
        f"{_marked(status.headline)}</div>"
    )
    if status.plan.kind != "nothing":
        yield f"<div>Next: {_marked(status.plan.sentence)}.</div>"
    if status.document.note:
        yield f'<div style="opacity:.75">{_marked(status.document.note)}.</div>'
    departing = [cell for cell in status.cells if cell.verdict not in _QUIET]
    if departing:
        yield _table(("cell", "verdict", "why"), map(_cell, departing[:_MOST_CELLS]))
        yield _more(len(departing) - _MOST_CELLS)
    rest = [cell for cell in status.cells if cell.verdict in _QUIET]
    if rest:
        yield _folded(
            _counts(rest), _table(("cell", "verdict", "why"), map(_cell, rest[:_MOST_CELLS]))
        ) + _more(len(rest) - _MOST_CELLS)
    yield from _others(status)
    if status.trackers:
        yield _folded(
            tracked_head(status.run),
            _table(("tracker", "run", "name", "where", ""), map(_tracked, status.trackers[:_MOST_CELLS])),
            opened=any(each.note for each in status.trackers),
        )


def _others(status: Status) -> Iterator[str]:
    said = {cell.id for cell in status.cells}
    findings = [each for each in status.findings if not (each.code.startswith("RP10") and each.cell in said)]
    if findings:
        rows = ((each.code, _marked(each.message), _marked(each.remedy)) for each in findings[:_MOST_CELLS])
        shown = sum(each.severity != "info" for each in findings)
        title = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
        yield _folded(title, _table(("code", "what", "what to do"), rows), opened=shown > 0)
    if status.governed is None:
        yield (
            "<div>Nothing is governed: <code>%repro seed=42 strict</code> seeds every generator and forbids "
            "nondeterminism.</div>"
        )
        return
    seed = "no seed" if status.governed.seed is None else f"seed {status.governed.seed}"
    rows = (
        (f"<code>{_marked(each.name)}</code>", _marked(each.effect), _marked(each.effective or each.note))
        for each in status.settings
    )
    title = f"{seed}, strictness {status.governed.strictness}: {len(status.settings)} settings"
    yield _folded(title, _table(("setting", "effect", "value"), rows))


def _tracked(each: TrackedRun) -> tuple[str, ...]:
    where = _marked(each.address)
    if re.match(r"https?://", each.address):
        where = (
            f'<a href="{escape(each.address)}" rel="noopener noreferrer" style="color:inherit">{where}</a>'
        )
    name = each.name if each.name != each.id else ""
    return escape(each.tracker), f"<code>{_marked(each.id)}</code>", _marked(name), where, _marked(each.note)


def _cell(cell: CellVerdict) -> tuple[str, str, str]:
    mark, colour = _MARKS.get(cell.verdict, ("✗", _BAD))
    word = f'<span style="color:{colour};font-weight:600;white-space:nowrap">{mark} {escape(cell.verdict)}</span>'
    return _marked(cell.label), word, "<br>".join(_marked(why) for why in cell.why[:4])


def _counts(cells: Sequence[CellVerdict]) -> str:
    words: tuple[Verdict, ...] = ("reproduced", "not run")
    numbers = ((word, sum(cell.verdict == word for cell in cells)) for word in words)
    return ", ".join(f"{number} {word}" for word, number in numbers if number)


def _folded(title: str, content: str, *, opened: bool = False) -> str:
    attribute = " open" if opened else ""
    return (
        f'<details{attribute} style="margin-top:.4em"><summary style="cursor:pointer">{escape(title)}</summary>'
        f"{content}</details>"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = "".join(f'<th style="{_CELL}font-weight:500;opacity:.75">{each}</th>' for each in head)
    lines = "".join(
        f'<tr style="border-top:{_LINE};background:none">'
        + "".join(f'<td style="{_CELL}">{each}</td>' for each in row)
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="border-collapse:collapse;margin:.4em 0;font-size:.95em"><thead>'
        f'<tr style="background:none">{titles}</tr></thead><tbody>{lines}</tbody></table>'
    )


def _more(number: int) -> str:
    return f"<div>and {number} more: <code>%repro status verbose</code></div>" if number > 0 else ""


def _marked(text: str) -> str:
    """Escape a text, make what cannot be seen visible, and set what is between backticks as code."""
    cut = text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(printable(cut)))
