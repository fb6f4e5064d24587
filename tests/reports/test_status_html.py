"""The status as HTML: whole by itself, harmless, short."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from jupyter_repro.records import CellId, CellVerdict, Finding, Plan, SeedPlan, Setting, Status
from jupyter_repro.records.status import DocumentFacts
from jupyter_repro.reports.status_html import status_html

_HOSTILE = "<script>alert(1)</script> \u202egnp.exe\u2066 \x1b[31m & \"'`<b>`"


def status(*cells: CellVerdict, verdict: Any = "differs", **more: Any) -> Status:
    plan = Plan(kind="run cells" if cells else "nothing", cells=(), sentence="run cell 2")
    facts: dict[str, Any] = {
        "headline": "Restart & Run All would not give what 1 cell of 2 show",
        "findings": (),
        "governed": None,
        "settings": (),
        "document": DocumentFacts(origin="file", path="paper.ipynb", note=""),
        "recording": "recording",
    }
    return Status(verdict=verdict, cells=cells, plan=plan, **(facts | more))


def cell(number: int, verdict: Any = "stale", *why: str) -> CellVerdict:
    return CellVerdict(
        id=CellId(f"c{number}"), label=f"cell {number}", verdict=verdict, why=why, order=number
    )


class Tags(HTMLParser):
    """Collects the tags, and fails where one is not closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Open it."""
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        assert self.open.pop() == tag


FULL = status(
    cell(1, "reproduced"),
    cell(2, "stale", "`x` has been made anew", _HOSTILE),
    cell(3, "unknown", "network"),
    cell(4, "not run"),
    governed=SeedPlan(seed=42, strictness="strict"),
    settings=(
        Setting(
            name="seed.numpy", requested="42", effective="42", effect="in force", verified_by="read back"
        ),
    ),
    findings=(Finding(code="RP205", severity="warning", message=_HOSTILE, remedy=_HOSTILE),),
)


def test_nothing_of_a_notebook_is_markup() -> None:
    """Texts of cells stay texts: no tag, no direction or control character of theirs reaches the page."""
    html = status_html(FULL)
    tags = Tags()
    tags.feed(html)

    assert tags.open == []
    assert tags.seen == {
        "div", "span", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "details", "summary",
    }  # fmt: skip
    assert all(each.isprintable() for each in html)
    assert "\\u202e" in html


def test_it_stands_by_itself() -> None:
    """No script, no style sheet, nothing from elsewhere, no id or class that could meet the page's."""
    html = status_html(FULL)

    assert not re.search(r"https?:|url\(|<style|<script| class=| id=| on\w+=", html)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            status(verdict="nothing run", headline="No cell"), "· </span> No cell", id="nothing run"
        ),
        pytest.param(status(verdict="reproduced", headline="All"), "✓ </span> All", id="reproduced"),
        pytest.param(FULL, "Next: run cell 2.", id="plan"),
        pytest.param(FULL, "1 reproduced, 1 not run", id="folded"),
        pytest.param(FULL, "seed 42, strictness strict: 1 settings", id="governed"),
        pytest.param(status(cell(1)), "%repro seed=42 strict", id="not governed"),
        pytest.param(status(*map(cell, range(250))), "and 50 more", id="many"),
    ],
)
def test_what_it_says(given: Status, expected: str) -> None:
    """The one line first, the way out, what departs; the rest is folded, and a long list is cut with its count."""
    assert expected.replace("· <", "·<").replace("✓ <", "✓<") in status_html(given)


def test_a_large_notebook_stays_small() -> None:
    """What is saved with the notebook is bounded, whatever the number of cells and the length of reasons."""
    html = status_html(status(*(cell(n, "stale", *["y" * 10_000] * 50) for n in range(5000))))

    assert len(html) < 1_000_000
