"""The nondeterminism report as one self-contained page: nothing is loaded from elsewhere, everything is escaped."""

from __future__ import annotations

import importlib.resources
import re
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING

from .chance_text import counted, governed_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jupyter_repro.records import ChanceReport, ChanceSource

__all__ = ["chance_html"]

_CLASSES = {"error": "bad", "warning": "bad", "info": "near"}


def chance_html(report: ChanceReport) -> str:
    """Return the page."""
    style = (
        importlib.resources.files("jupyter_repro.verifier").joinpath("report.css").read_text(encoding="utf-8")
    )
    body = "\n".join((*_head(report), *_sources(report), *_uncovered(report), *_in_force(report)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Nondeterminism: {escape(_name(report))}</title>"
        f"<style>\n{style}table {{ table-layout: fixed; }} th:first-child {{ width: 19%; }} th:nth-child(2) {{ width: 45%; }}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _name(report: ChanceReport) -> str:
    return PurePath(report.notebook).name if report.notebook else "this kernel"


def _head(report: ChanceReport) -> Iterator[str]:
    yield f"<h1>Nondeterminism report</h1><p>{_marked(report.headline)}.</p>"
    yield f"<p>{escape(counted(report))}.</p>"
    yield f'<p class="soft"><code>{escape(_name(report))}</code> · {escape(governed_words(report.governed))}</p>'


def _sources(report: ChanceReport) -> Iterator[str]:
    groups = (
        ("Changes the verdict of cells", [each for each in report.sources if each.changes]),
        ("Seen", [each for each in report.sources if not each.changes and not each.allowed]),
        (
            "Allowed, with the reason",
            [each for each in report.sources if not each.changes and each.allowed],
        ),
    )
    for title, sources in groups:
        if sources:
            yield f"<h2>{title}</h2>"
            yield from _table(("Source", "What and effect", "What to do"), map(_row, sources))


def _row(source: ChanceSource) -> Sequence[str]:
    kind = "none" if source.allowed else _CLASSES[source.severity]
    code = f' <span class="soft">{escape(source.code)}</span>' if source.code else ""
    last = f"allowed: {source.allowed}" if source.allowed else source.remedy
    return (
        f'<span class="{kind}">{escape(source.kind)}</span>{code}',
        f'{_marked(source.what)}<br><span class="soft">{_marked(source.effect)}</span>',
        _marked(last),
    )


def _uncovered(report: ChanceReport) -> Iterator[str]:
    yield "<h2>Not covered</h2>"
    rows = ((_marked(each.where), _marked(each.what), _marked(each.why)) for each in report.uncovered)
    yield from _table(("Where", "What", "Why"), rows)


def _in_force(report: ChanceReport) -> Iterator[str]:
    if report.in_force:
        yield "<h2>In force</h2>"
        rows = (
            (f"<code>{escape(row.name)}</code>", escape(row.effective), escape(row.verified_by))
            for row in report.in_force
        )
        yield from _table(("Setting", "Value", "Verified by"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"<table><thead><tr>{''.join(f'<th>{each}</th>' for each in head)}</tr></thead><tbody>"
    for first, second, third in rows:
        yield f'<tr><td>{first}</td><td class="what">{second}</td><td>{third}</td></tr>'
    yield "</tbody></table>"


def _marked(text: str) -> str:
    """Escape a text and set what is between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
