"""A sweep as a piece of HTML for a cell's output, and as a page: no script, nothing loaded from elsewhere, all escaped."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from jupyter_repro.records.sweeps import KINDS

from .sweep_svg import sweep_svg
from .sweep_text import claim_sentence, counts_line, headline, number, spread_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jupyter_repro.records.sweeps import Distribution, Sweep

__all__ = ["sweep_html", "sweep_page"]

_MARKS = {"survives": ("✓", "#2b8a53"), "does not survive": ("✗", "#d1483e"), "undecided": ("?", "#a9790a")}
"""Legible on white and on black."""
_CELL = "text-align:left;vertical-align:top;padding:.2em 1.1em .2em 0;background:none;border:0;"
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>{title}</title><style>:root{{color-scheme:light dark}}body{{font:15px/1.5 system-ui,sans-serif;"
    "max-width:52em;margin:2em auto;padding:0 1em}}table{{border-collapse:collapse}}</style>{body}</html>\n"
)


def sweep_html(sweep: Sweep) -> str:
    """Return the sweep as a fragment that stands by itself."""
    return f'<div style="max-width:52em;line-height:1.45">{"".join(_parts(sweep))}</div>'


def sweep_page(sweep: Sweep) -> str:
    """Return the sweep as a page, with every run."""
    body = sweep_html(sweep) + _runs(sweep)
    return _PAGE.format(title=escape(f"Sweep of {sweep.subject}"), body=body)


def _parts(sweep: Sweep) -> Iterator[str]:
    yield f"<div>{_marked(headline(sweep))}</div>"
    if sweep.claim is not None:
        mark, colour = _MARKS[sweep.claim.verdict]
        yield (
            f'<div style="font-weight:600;font-size:1.08em"><span style="color:{colour}">{mark}</span> '
            f"{_marked(claim_sentence(sweep.claim))}</div>"
        )
    for each in sweep.distributions:
        yield f'<div style="margin-top:.8em"><strong>{escape(each.metric)}</strong></div>'
        yield sweep_svg(sweep, each)
        yield _table(("", "runs", "what they say"), _rows(sweep, each))
    for note in sweep.notes:
        yield f"<div>⚠ {_marked(note)}</div>"
    yield f'<div style="opacity:.75">{escape(counts_line(sweep))}</div>'


def _rows(sweep: Sweep, each: Distribution) -> Iterator[tuple[str, str, str]]:
    lost = f", {each.not_finite} not finite" if each.not_finite else ""
    interval = f" [{number(each.interval[0])}, {number(each.interval[1])}]" if each.interval else ""
    yield (
        "<strong>median</strong>",
        f"{each.count}{lost}",
        f"<strong>{number(each.median)}</strong>{interval}; mean {number(each.mean)}, from {number(each.least)} to {number(each.most)}",
    )
    for spread in sweep.spreads:
        if spread.metric == each.metric:
            runs, _, said = spread_words(spread).partition(", ")
            yield escape(KINDS[spread.kind]), escape(runs.split(" ")[0]), escape(said)


def _runs(sweep: Sweep) -> str:
    heads = ("run", "seed", "threads", "hash seed", *sweep.metrics)
    rows = (
        (
            escape(f"{KINDS[point.kind]} {point.number}"),
            str(point.seed),
            str(point.threads),
            str(point.hash_seed),
            *(
                (escape(point.error),)
                if point.error
                else (number(point.value(name)) for name in sweep.metrics)
            ),
        )
        for point in sweep.points
    )
    return f"<details><summary>every run</summary>{_table(heads, rows)}</details>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th style="{_CELL}font-weight:600">{escape(each)}</th>' for each in heads)
    body = "".join(
        f'<tr style="background:none">{"".join(f"<td style={chr(34)}{_CELL}{chr(34)}>{each}</td>" for each in row)}</tr>'
        for row in rows
    )
    return f'<table style="margin:.3em 0;font-size:.95em"><tr>{head}</tr>{body}</table>'


def _marked(text: str) -> str:
    """Escape a text and set what stands in backquotes as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
