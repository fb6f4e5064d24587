"""The report page shows everything and lets nothing through."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from jupyter_repro.verifier.compare.notebook import CellComparison
from jupyter_repro.verifier.compare.tolerance import Tolerance
from jupyter_repro.verifier.errors import BundleRejected, LimitReached
from jupyter_repro.verifier.rebuild import Built, New
from jupyter_repro.verifier.report import Report, headline
from jupyter_repro.verifier.report_html import report_html

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '<a href="javascript:alert(1)" data-commandlinker-command="x">y</a>',
    "\ud800 \u202e \x1b[31m",
]


class _Page(HTMLParser):
    """What a browser would be given."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _cell(text: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "id": "a", "source": text, "outputs": list(outputs), "metadata": {}}


def _report(text: str, *, was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    report = Report(bundle=text, bundle_id=text, notebook=text, seed={"seed": text, "strictness": text})
    cell = CellComparison("a", text, "differs", text, (text,), None)
    reference, fresh = ({"cells": [_cell(text, side)]} for side in (was, now))
    report.compared([cell], reference, fresh, [{"id": "a", "duration_s": 1.0}])
    report.environment = {
        "built_with": text, "python": text, "author_python": "3", "notes": [text],
        "packages_of_another_version": [text], "packages_of_other_bytes": [text],
    }  # fmt: skip
    report.conclude(text, 1, text)
    return report.to_json()


@pytest.mark.parametrize("text", _HOSTILE)
@pytest.mark.parametrize("mime", ["text/plain", "text/html", "image/png", "image/svg+xml"])
def test_nothing_of_a_bundle_is_markup(text: str, mime: str) -> None:
    """Names, sources, reasons, outputs of every kind, a false image: all are shown as text."""
    was = {"output_type": "display_data", "data": {mime: text}, "metadata": {}}
    now = {"output_type": "display_data", "data": {mime: text + "2"}, "metadata": {}}
    page = _Page(report_html(_report(text, was=was, now=now)))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "svg", "iframe", "object", "form"})
    for tag, attributes in page.tags:
        assert not any(name.startswith(("on", "data-")) for name in attributes)
        assert tag != "img" or re.match(
            "data:image/(png|svg[+]xml);base64,[A-Za-z0-9+/=]*$", attributes["src"] or ""
        )
        assert tag != "a" or re.match("#cell-[0-9]+$", attributes["href"] or "")


def test_the_page_loads_nothing() -> None:
    """No address but data, no script, a policy that forbids both; light and dark."""
    stream = {"output_type": "stream", "name": "stdout"}
    text = report_html(_report("x", was={**stream, "text": "1"}, now={**stream, "text": "2"}))
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)|url\(|@import|https?://""", text)
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_both_sides_of_a_figure() -> None:
    """Two figures that differ stand side by side; equal outputs of the cell are left out."""
    figure = {"output_type": "display_data", "metadata": {}}
    same = {"output_type": "execute_result", "data": {"text/plain": "same"}, "metadata": {}}
    report = Report(bundle="x")
    before = {"cells": [_cell("1", {**figure, "data": {"image/png": _PIXEL}}, same)]}
    after = {"cells": [_cell("1", {**figure, "data": {"image/png": _PIXEL + "\n"}}, same)]}
    report.compared([CellComparison("a", "cell 1", "differs", "why")], before, after, [])
    assert [pair["kind"] for pair in report.rows[0]["differences"]] == ["image"]
    images = [tag for tag, _ in _Page(report_html(report.to_json())).tags if tag == "img"]
    assert len(images) == 2


def test_cells_without_ids_have_both_sides_too() -> None:
    """Older notebooks are joined by position, in the report as in the comparison."""
    stream = {"output_type": "stream", "name": "stdout"}
    before, after = (
        {"cells": [{"cell_type": "markdown", "source": "x"}, _cell("1", {**stream, "text": text})]}
        for text in ("1", "2")
    )
    for notebook in (before, after):
        del notebook["cells"][1]["id"]
    report = Report(bundle="x")
    report.compared([CellComparison("at-1", "cell 1", "differs", "why")], before, after, [])
    assert report.rows[0]["source"] == "1"
    assert report.rows[0]["differences"] == [
        {"kind": "text", "mime": "text/plain", "reference": "1", "fresh": "2"}
    ]


@pytest.mark.parametrize(
    ("error", "code", "verdict"),
    [
        (BundleRejected("digest", "x", remedy="y"), 5, "bad bundle"),
        (LimitReached("x", remedy="y"), 6, "resource limit"),
    ],
)
def test_a_failure_is_a_report_too(error: Any, code: int, verdict: str) -> None:
    """What was known is kept, the reason and the remedy are told; the page is whole."""
    report = Report(bundle="x")
    report.fail(error)
    plain = report.to_json()
    assert (plain["exit_code"], plain["verdict"], plain["headline"]) == (code, verdict, f"{verdict}: x")
    assert "What to do: y" in report_html(plain)
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (
            ("identical", "volatile"),
            "reproduced: 1 of 2 cells give the author's results (1 identical, 1 volatile); "
            "1 volatile, which shows nothing of being reproduced",
        ),
        (
            ("volatile",),
            "differs: 0 of 1 cell give the author's results (1 volatile); "
            "1 volatile, which shows nothing of being reproduced",
        ),
        (
            ("differs", "volatile"),
            "differs: 0 of 2 cells give the author's results (1 differs, 1 volatile); "
            "1 volatile, which shows nothing of being reproduced",
        ),
    ],
)
def test_volatile_cells_are_counted_apart(verdicts: tuple[Any, ...], sentence: str) -> None:
    """They are never among the reproduced, and alone they show nothing."""
    cells = [CellComparison(str(n), f"cell {n}", verdict) for n, verdict in enumerate(verdicts)]
    built = Built(New(Path("python"), "3.11", ()), "uv", (), (), ())
    assert headline(cells, built, Tolerance()) == sentence
