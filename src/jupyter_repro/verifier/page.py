"""What every page of ours has: one file, nothing loaded from elsewhere, no script, everything from a bundle escaped."""

from __future__ import annotations

import importlib.resources
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MARKS", "in_order", "kind_of", "page", "said", "word"]

_CLASSES = {
    "identical": "good", "equivalent": "good", "within tolerance": "near", "volatile": "apart", "differs": "bad", "error": "bad",
    "not run": "none", "reproduced": "good", "reproduced elsewhere": "near",
}  # fmt: skip
_CODE = re.compile("`([^`\n]+)`")
MARKS = {"good": "✓", "near": "≈", "bad": "✗", "apart": "?", "none": "–"}  # noqa: RUF001 - a dash as wide as the other marks


def page(title: str, body: str, *, kind: str = "report") -> str:
    """Return a page of this title; ``body`` is markup, in which every text of a bundle has been escaped."""
    style = importlib.resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        f"<title>{escape(title)}</title>"
        f'<style>\n{style}</style></head>\n<body class="{kind}"><main>\n{body}\n</main></body></html>\n'
    )


def kind_of(verdict: str) -> str:
    """Return the class of a verdict: good, near, apart, bad, none."""
    return _CLASSES.get(verdict, "bad")


def said(text: str) -> str:
    """Return a sentence as markup: what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return verdicts with their numbers, the best first."""
    known = list(_CLASSES)
    return sorted(counts.items(), key=lambda each: known.index(each[0]) if each[0] in known else len(known))


def word(verdict: str) -> str:
    """Return a verdict with its mark: it is never told by colour alone."""
    kind = kind_of(verdict)
    return f'<span class="word {kind}"><i>{MARKS[kind]}</i> {escape(verdict)}</span>'
