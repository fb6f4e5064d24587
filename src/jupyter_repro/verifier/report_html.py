"""The report as one self-contained page: nothing is loaded from elsewhere, everything is escaped."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from .limits_told import environment_rows, first_line, not_seen
from .page import in_order, kind_of, page, said, word
from .report_sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["report_html"]

_MOST = 20_000


def report_html(report: dict[str, Any]) -> str:
    """Return the page for the content of ``report.json``."""
    parts = (_head, _first, _claims, _cells, _differences, _environment, _limits, _foot)
    body = "\n".join(line for part in parts for line in part(report))
    return page(f"{report['verdict']}: {report['notebook'] or report['bundle']['path']}", body)


def _head(report: dict[str, Any]) -> Iterator[str]:
    kind = kind_of(report["verdict"])
    headline = report["headline"].removeprefix(f"{report['verdict']}: ")
    name = report["notebook"] or report["bundle"]["path"]
    yield f'<header class="top {kind}"><p class="soft">{escape(name)}</p>'
    yield f"<h1>{word(report['verdict'])}</h1><p>{said(headline)}</p>"
    if report["remedy"]:
        yield f"<p>What to do: {escape(report['remedy'])}</p>"
    counts = Counter(row["verdict"] for row in report["cells"])
    if counts:
        bars = "".join(
            f'<span class="bar {kind_of(verdict)}" style="flex-grow:{count}"></span>'
            for verdict, count in in_order(counts)
        )
        told = "".join(f"<li>{word(verdict)} {count}</li>" for verdict, count in in_order(counts))
        yield f'<div class="bars">{bars}</div><ul class="counts">{told}</ul>'
    yield "</header>"


def _first(report: dict[str, Any]) -> Iterator[str]:
    if first := report["first_divergence"]:
        yield (
            f'<p class="callout"><b>{escape(first["label"])} is the first to differ:</b> {said(first["why"])}</p>'
        )


def _claims(report: dict[str, Any]) -> Iterator[str]:
    if not report["claims"]:
        return
    yield "<h2>Claims</h2><table class=claims><thead><tr><th>Claim</th><th>Where</th><th>The author</th><th>Here</th><th>Verdict</th></tr></thead><tbody>"
    for claim in report["claims"]:
        where = f"{claim['label']}, {claim['part']}" if claim["part"] else claim["label"]
        why = f'<br><span class="soft">{said(claim["why"])}</span>' if claim["why"] else ""
        values = [escape(claim[side] or "–") for side in ("reference", "fresh")]  # noqa: RUF001 - a dash as wide as a value
        yield (
            f"<tr><td><b>{escape(claim['text'])}</b></td><td>{said(where)}</td><td><code>{values[0]}</code></td>"
            f"<td><code>{values[1]}</code></td><td>{word(claim['verdict'])}{why}</td></tr>"
        )
    yield "</tbody></table>"


def _cells(report: dict[str, Any]) -> Iterator[str]:
    if not report["cells"]:
        return
    yield '<h2>Cells</h2><table class="cells"><thead><tr><th>Cell</th><th>Verdict</th><th>Why</th><th class=num>Seconds</th></tr></thead><tbody>'
    for number, row in enumerate(report["cells"]):
        first = first_line(row["source"])
        title = f'<br><code class="soft">{escape(first[:90])}</code>' if first else ""
        notes = "".join(f'<br><span class="soft">{escape(note)}</span>' for note in row["notes"])
        label = escape(row["label"])
        if row["differences"]:
            label = f'<a href="#cell-{number}">{label}</a>'
        yield (
            f"<tr><td>{label}{title}</td><td>{word(row['verdict'])}</td>"
            f"<td>{said(row['why'])}{_because(row)}{notes}</td><td class=num>{row['duration_s']:.1f}</td></tr>"
        )
    yield "</tbody></table>"


def _because(row: dict[str, Any]) -> str:
    if row["causes"]:
        first = row["causes"][0]
        how = "perhaps:" if first["certainty"] == "possible" else "because"
        return f'<br><span class="because">{how} {said(first["text"])}</span>'
    return f'<br><span class="soft">{escape(row["unexplained"])}</span>' if row["unexplained"] else ""


def _differences(report: dict[str, Any]) -> Iterator[str]:
    if any(row["differences"] for row in report["cells"]):
        yield "<h2>Both sides of the cells that differ</h2>"
    for number, row in enumerate(report["cells"]):
        if not row["differences"]:
            continue
        yield f'<section class="card" id="cell-{number}"><header>{word(row["verdict"])} <b>{escape(row["label"])}</b> {said(row["why"])}</header>'
        yield f'<pre class="source">{escape(_cut(row["source"]))}</pre>'
        yield from _causes(row)
        yield from map(sides, row["differences"])
        yield "</section>"


def _causes(row: dict[str, Any]) -> Iterator[str]:
    if row["causes"]:
        items = "".join(
            f'<li><span class="sure {escape(each["certainty"])}">{escape(each["certainty"])}</span> {said(each["text"])}</li>'
            for each in row["causes"]
        )
        yield f'<ol class="causes">{items}</ol>'
    elif row["unexplained"]:
        yield f'<p class="causes soft">{escape(row["unexplained"])}</p>'


def _environment(report: dict[str, Any]) -> Iterator[str]:
    rows = environment_rows(report)
    if rows:
        yield '<h2>Environment</h2><table class="facts"><tbody>'
        yield from (f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in rows)
        yield "</tbody></table>"


def _limits(report: dict[str, Any]) -> Iterator[str]:
    yield "<h2>What this does not show</h2><ul class=limits>"
    yield from (f"<li>{said(sentence)}</li>" for sentence in not_seen(report))
    yield "</ul>"


def _foot(report: dict[str, Any]) -> Iterator[str]:
    seed = report["seed"]
    plan = f"seed {seed.get('seed')}, {seed.get('strictness')}" if seed else "no seed"
    at = f"{report['at']} · " if report["at"] else ""
    signed = f"{escape(report['signature'])}<br>" if report.get("signature") else ""
    yield (
        f'<footer class="soft">bundle <code>{escape(report["bundle"]["id"] or "unknown")}</code><br>'
        f"{signed}{escape(at)}{escape(plan)} · {report['seconds']} seconds</footer>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + "\n[cut]"
