"""A golden run as HTML: the verdict, the curves as a figure of our own, the first steps that differ; no script."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from .golden_figure import figure, reference_figure
from .golden_text import comparison_text, parting_series, reference_line, reference_rows, verdict_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.golden import Comparison, Difference, Golden

__all__ = ["comparison_html", "golden_html", "page"]

_GOOD, _BAD = "#2b8a53", "#d1483e"
_MOST_ROWS = 12
_MOST_FIGURES = 4
_CELL = "text-align:left;vertical-align:top;padding:.2em 1em .2em 0;background:none;border:0;font-variant-numeric:tabular-nums"
_STYLE = ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:62em;margin:2em auto;padding:0 1em}"


def comparison_html(found: Comparison) -> str:
    """Return the comparison as a fragment that stands by itself, in light and dark."""
    return f'<div style="max-width:62em;line-height:1.45">{"".join(_parts(found))}</div>'


def golden_html(golden: Golden) -> str:
    """Return a reference as a fragment: what it holds, and its first curves."""
    rows = [(_marked(label), _marked(text)) for label, text in reference_rows(golden)]
    figures = "".join(reference_figure(golden, key) for key in golden.series[:_MOST_FIGURES])
    title = f'<div style="font-weight:600">{_marked(reference_line(golden).removeprefix("repro: "))}</div>'
    return f'<div style="max-width:62em;line-height:1.45">{title}{figures}{_table((), rows)}</div>'


def page(found: Sequence[Comparison]) -> bytes:
    """Return a page with all comparisons, which loads nothing from elsewhere."""
    body = "<hr>".join(comparison_html(each) for each in found)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Golden runs</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    ).encode()


def _parts(found: Comparison) -> Iterator[str]:
    good = found.verdict == "holds"
    mark, colour = ("✓", _GOOD) if good else ("✗", _BAD)
    yield (
        f'<div style="font-weight:600;font-size:1.08em"><span style="color:{colour}">{mark}</span> '
        f"{_marked(verdict_line(found).removeprefix('repro: '))}</div>"
    )
    if not good:
        reasons = comparison_text(found).split("\n\n")[0].splitlines()[1:]
        rows = [(line[2:12].strip(), line[13:]) for line in reasons]
        yield _table((), [(escape(name), _marked(text)) for name, text in rows])
    for key in (parting_series(found) or list(found.reference.series[:1]))[:_MOST_FIGURES]:
        yield figure(found, key)
    if not good:
        head = ("step", "", "now", "reference", "tolerance")
        first = [_row(each) for each in found.differences[:_MOST_ROWS]]
        columns = len(head) if any(row[-1] for row in first) else len(head) - 1
        yield _table(head[:columns], [row[:columns] for row in first])
        rest = len(found.differences) - _MOST_ROWS
        yield f'<div style="opacity:.75">and {rest} more</div>' if rest > 0 else ""


def _row(each: Difference) -> tuple[str, ...]:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.9g}"

    what = f"<code>{escape(each.key)}</code>" if each.key else ""
    text = f"{what} {escape(each.text)}".strip()
    limit = "" if each.tolerance is None else f"{each.tolerance:.2g}"
    return "" if each.step is None else str(each.step), text, number(each.now), number(each.reference), limit


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col" style="{_CELL};opacity:.75;font-weight:600">{each}</th>' for each in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{each}</td>' for each in row) + "</tr>" for row in rows
    )
    return f'<table style="border-collapse:collapse;margin:.5em 0">{f"<tr>{top}</tr>" if top else ""}{body}</table>'


def _marked(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
