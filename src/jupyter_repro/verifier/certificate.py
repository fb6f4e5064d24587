"""The certificate: one page on what was verified, where, and what came out. It awards nothing."""

from __future__ import annotations

import textwrap
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

from .limits_told import isolation_of, not_seen
from .page import in_order, kind_of, page, said, word
from .report_text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["certificate_html", "certificate_text"]

_MOST_CLAIMS = 16
_WIDTH = 88
_TITLE = "Verification record"


def certificate_text(report: Mapping[str, Any]) -> str:
    """Return the certificate as plain text."""
    return "\n".join(_lines(report)) + "\n"


def certificate_html(report: Mapping[str, Any]) -> str:
    """Return the certificate as a page that prints on one sheet."""
    parts = [
        f'<header class="top {kind_of(report["verdict"])}"><p class="soft">{_TITLE}</p>',
        f"<h1>{word(report['verdict'])}</h1><p>{said(_sentence(report))}</p></header>",
        _table("What was verified", _subject(report)),
        _claims(report),
        _table("Where", _where(report)),
        "<h2>What this does not show</h2><ul class=limits>",
        *(f"<li>{said(sentence)}</li>" for sentence in not_seen(report)),
        "</ul>",
    ]
    return page(
        f"{_TITLE}: {report['notebook'] or report['bundle']['path']}", "\n".join(parts), kind="certificate"
    )


def _sentence(report: Mapping[str, Any]) -> str:
    return str(report["headline"].removeprefix(f"{report['verdict']}: "))


def _subject(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    counts = Counter(row["verdict"] for row in report["cells"])
    told = ", ".join(f"{count} {verdict}" for verdict, count in in_order(counts)) or "none was compared"
    rows = [
        ("notebook", report["notebook"] or "unknown"),
        ("bundle", report["bundle"]["path"]),
        ("bundle id", report["bundle"]["id"] or "unknown"),
        ("cells", told),
    ]
    if report.get("signature"):
        rows.append(("signature", report["signature"]))
    if report["at"]:
        rows.append(("verified", f"{report['at']}, in {report['seconds']:.0f} s"))
    if first := report["first_divergence"]:
        rows.append(("first to differ", f"{first['label']}: {first['why']}"))
    if report["remedy"]:
        rows.append(("what to do", report["remedy"]))
    return rows


def _where(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the environment in a few rows; the report has all of it."""
    facts = report["environment"]
    if "python" not in facts:
        return []
    machine = ", ".join(f"{name} {value}" for name, value in facts.get("machine", {}).items())
    other = [
        *facts["packages_of_another_version"],
        *(f"{name} has other bytes" for name in facts["packages_of_other_bytes"]),
    ]
    same = facts["python"] == facts["author_python"]
    return [
        ("environment", f"rebuilt by {facts['built_with']}"),
        ("isolation", isolation_of(report)),
        (
            "Python",
            facts["python"] + (", the author's" if same else f", the author's was {facts['author_python']}"),
        ),
        ("packages", "; ".join(other) or "the author's, byte for byte"),
        ("machine", machine or "not known"),
        *(("note", note) for note in facts["notes"]),
    ]


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    lines = "".join(f"<tr><td>{escape(name)}</td><td>{said(value)}</td></tr>" for name, value in rows)
    return f"<h2>{title}</h2><table class=facts><tbody>{lines}</tbody></table>"


def _claims(report: Mapping[str, Any]) -> str:
    claims = report["claims"]
    if not claims:
        return ""
    lines = [
        f"<tr><td><b>{escape(each['text'])}</b></td><td>{escape(each['fresh'] or '')}</td><td>{word(each['verdict'])}</td></tr>"
        for each in claims[:_MOST_CLAIMS]
    ]
    more = len(claims) - len(lines)
    rest = f'<p class="soft">and {more} more, in the report</p>' if more else ""
    return f"<h2>Claims</h2><table class=facts><tbody>{''.join(lines)}</tbody></table>{rest}"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield from (_TITLE.upper(), "=" * len(_TITLE), "")
    yield from textwrap.wrap(shown(report["headline"], most=2000), _WIDTH)
    yield from _section("What was verified", _subject(report))
    if report["claims"]:
        yield from ("", "Claims", "------")
        for each in report["claims"]:
            value = f" ({shown(each['fresh'])})" if each["fresh"] else ""
            yield from textwrap.wrap(
                f"{each['verdict']}: {shown(each['text'])}{value}", _WIDTH, subsequent_indent="    "
            )
    yield from _section("Where", _where(report))
    yield from ("", "What this does not show", "-----------------------")
    for sentence in not_seen(report):
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _section(title: str, rows: list[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield from ("", title, "-" * len(title))
    for name, value in rows:
        text = f"{name}: {shown(value, most=2000)}"
        yield from textwrap.wrap(text, _WIDTH, subsequent_indent="    ", break_on_hyphens=False)
