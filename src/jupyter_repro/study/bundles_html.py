"""Many verifications on one page, for who has to judge them: a row a bundle, and a link to each one's own report."""

from __future__ import annotations

import time
from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.verifier.page import MARKS, kind_of, page, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .bundles import Verified

__all__ = ["bundles_html"]

_SAME = ("identical", "equivalent", "within tolerance")
_KINDS = ("good", "near", "apart", "none", "bad")
_GOOD = ("reproduced", "reproduced elsewhere")


def bundles_html(found: Sequence[Verified], facts: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        found: What came of each bundle.
        facts: The summary of all, :func:`.bundles.summary`.
        pages: By path of the bundle: the address of its own report, relative to this page.
    """
    ordered = sorted(found, key=lambda each: (each.report["verdict"] in _GOOD, each.path))
    parts = (
        _head(ordered),
        _bundles(ordered, pages),
        _claims(ordered, pages),
        _isolation(ordered),
        _foot(facts),
    )
    title = _title(ordered)
    return page(title, "\n".join(line for part in parts for line in part))


def _title(found: Sequence[Verified]) -> str:
    good = sum(each.report["verdict"] in _GOOD for each in found)
    return f"{good} of {_count(len(found), 'bundle')} reproduced"


def _head(found: Sequence[Verified]) -> Iterator[str]:
    counts = sorted(
        Counter(each.report["verdict"] for each in found).items(),
        key=lambda each: _KINDS.index(kind_of(each[0])),
    )
    kind = kind_of(counts[-1][0]) if counts else "none"
    yield f'<header class="top {kind}"><p class="soft">Verification record</p><h1>{escape(_title(found))}</h1>'
    if counts:
        bars = "".join(
            f'<span class="bar {kind_of(verdict)}" style="flex-grow:{count}"></span>'
            for verdict, count in counts
        )
        told = "".join(f"<li>{word(verdict)} {count}</li>" for verdict, count in counts)
        yield f'<div class="bars">{bars}</div><ul class="counts">{told}</ul>'
    yield "</header>"


def _bundles(found: Sequence[Verified], pages: Mapping[str, str]) -> Iterator[str]:
    yield '<h2>Bundles</h2><table class="bundles"><thead><tr><th>Bundle</th><th>Verdict</th><th class=num>Cells</th>'
    yield "<th class=num>Claims</th><th>Why</th><th class=num>Seconds</th></tr></thead><tbody>"
    for each in found:
        report = each.report
        same = sum(cell["verdict"] in _SAME for cell in report["cells"])
        held = sum(claim["holds"] for claim in report["claims"])
        yield (
            f"<tr><td>{_named(each, pages)}<br><code class=soft>{escape((report['bundle']['id'] or '')[:16])}</code></td>"
            f"<td>{word(report['verdict'])}</td><td class=num>{_of(same, len(report['cells']))}</td>"
            f"<td class=num>{_of(held, len(report['claims']))}</td><td>{_why(report)}</td><td class=num>{each.seconds:.0f}</td></tr>"
        )
    yield "</tbody></table>"


def _why(report: Mapping[str, Any]) -> str:
    parts = [said(report["headline"].removeprefix(f"{report['verdict']}: "))]
    if first := report["first_divergence"]:
        parts.append(
            f'<span class="because">{escape(first["label"])} is the first to differ: {said(first["why"])}</span>'
        )
    if report.get("signature") not in ("", None, "not signed"):
        parts.append(f'<span class="soft">{escape(report["signature"])}</span>')
    return "<br>".join(parts)


def _claims(found: Sequence[Verified], pages: Mapping[str, str]) -> Iterator[str]:
    """Yield the claims of all papers; those that do not hold come first."""
    rows = [(claim, each) for each in found for claim in each.report["claims"]]
    if not rows:
        return
    yield "<h2>Claims</h2><table class=claims><thead><tr><th>Claim</th><th>Bundle</th><th>The author</th><th>Here</th><th>Verdict</th></tr></thead><tbody>"
    for claim, each in sorted(rows, key=lambda row: bool(row[0]["holds"])):
        values = "".join(
            f"<td><code>{escape(claim[side] or MARKS['none'])}</code></td>" for side in ("reference", "fresh")
        )
        yield f"<tr><td><b>{escape(claim['text'])}</b></td><td>{_named(each, pages)}, {escape(claim['label'])}</td>"
        yield f"{values}<td>{word(claim['verdict'])}</td></tr>"
    yield "</tbody></table>"


def _isolation(found: Sequence[Verified]) -> Iterator[str]:
    counts = Counter(each.report["isolation"]["sentence"] for each in found if each.report["isolation"])
    if counts:
        yield "<h2>Isolation</h2><ul class=limits>"
        yield from (
            f"<li>{_count(count, 'bundle')}: {escape(sentence)}</li>"
            for sentence, count in counts.most_common()
        )
        yield "</ul>"


def _foot(facts: Mapping[str, Any]) -> Iterator[str]:
    part = f", part {facts['shard']}" if facts["shard"] else ""
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    yield f'<footer class="soft">{at} · {escape(str(facts["engine"]))}{escape(part)} · {facts["seconds"]:g} seconds<br>'
    yield "A verdict says that a notebook was run again and gave the same, not that its method is sound.</footer>"


def _named(each: Verified, pages: Mapping[str, str]) -> str:
    name = escape(Path(each.path).name)
    address = pages.get(each.path)
    return f'<a href="{escape(address)}">{name}</a>' if address else name


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else MARKS["none"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
