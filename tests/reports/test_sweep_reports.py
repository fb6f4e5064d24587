"""A sweep as text and as a picture: every run is there, failed ones too, and nothing of a notebook is taken as markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from jupyter_repro.records.sweeps import Sweep, SweepPoint
from jupyter_repro.reports.sweep_html import sweep_html, sweep_page
from jupyter_repro.reports.sweep_svg import sweep_svg
from jupyter_repro.reports.sweep_text import sweep_text
from jupyter_repro.study.sweep.claim import Claim
from jupyter_repro.study.sweep.summary import claim_held, distribution, notes_of, spreads, sweep_digest


def _sweep(values: list[float], repeats: list[float], *, error: str = "", claim: str = "") -> Sweep:
    def point(kind: Any, number: int, **more: Any) -> SweepPoint:
        return SweepPoint(kind=kind, number=number, index=number, seed=number, threads=1, hash_seed=0, **more)

    points = [point("seed", n, values={"acc": value.hex()}) for n, value in enumerate(values)]
    points += [point("repeat", n, values={"acc": value.hex()}) for n, value in enumerate(repeats)]
    points += [point("seed", len(values), error=error)] if error else []
    return Sweep(
        subject="tr<a>in", root=42, root_from="the seed in force", threads=1, metrics=("acc",), points=tuple(points),
        distributions=(distribution(points, "acc"),), spreads=spreads(points, "acc"),
        claim=claim_held(points, Claim(claim)) if claim else None, notes=tuple(notes_of(points, ["acc"])),
        digest=sweep_digest(points),
    )  # fmt: skip


def test_text() -> None:
    """The claim first, then the metric, what moves it, a dot a run, how many gave numbers."""
    text = sweep_text(_sweep([1.0, 2.0, 3.0, 4.0, 5.0], [1.0], error="ValueError: x", claim="acc > 0.5"))
    assert text.splitlines() == [
        "tr<a>in: 6 seeds, children 0 to 5 of 42 (the seed in force), 1 thread each",
        "claim: `acc > 0.5` is true in 5 of 5 seeds (100%, 95% interval 48% to 100%); 1 more could not decide it: undecided, "
        "since the interval holds one half: more seeds, or no claim",
        "",
        "acc: median 3 [1, 5], mean 3, sd 1.581, 1 to 5, 1 failed",
        "                        1                                                      5",
        "  other seeds           •             •             •             •            •",
        "  the first seed again  •",
        "  other seeds           5 runs, 1 failed, sd 1.581, at most 4 apart",
        "  the first seed again  2 runs, the same bits",
        "",
        "note: 1 run failed: ValueError: x",
        "6 of 7 runs gave numbers; digest "
        + _sweep([1.0, 2.0, 3.0, 4.0, 5.0], [1.0], error="ValueError: x").digest[:16],
    ]


@pytest.mark.parametrize(
    ("values", "repeats"),
    [
        ([1.0], []),
        ([2.0, 2.0], [2.0]),
        ([0.1 + i / 1e9 for i in range(200)], [0.1] * 30),
        ([1e300, -1e300], []),
    ],
    ids=["one", "equal", "many", "huge"],
)
def test_picture(values: list[float], repeats: list[float]) -> None:
    """One dot a run, inside the picture, whatever the numbers."""
    sweep = _sweep(values, repeats)
    root = ET.fromstring(sweep_svg(sweep, sweep.distributions[0]))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(dots) == len(values) + len(repeats)
    for dot in dots:
        assert 0 <= float(dot.attrib["cx"]) <= width
        assert 0 <= float(dot.attrib["cy"]) <= height


def test_no_picture_of_nothing() -> None:
    """Where every run failed the reason is what is shown."""
    sweep = _sweep([], [], error="ValueError: <b>")
    assert sweep_svg(sweep, sweep.distributions[0]) == ""
    html = sweep_page(sweep)
    assert "<b>" not in html
    assert "ValueError: &lt;b&gt;" in html
    assert "no number from 1 runs" in sweep_text(sweep)


def test_html_escapes_and_loads_nothing() -> None:
    """No script, no address but the name of SVG's own."""
    html = sweep_html(_sweep([1.0, 2.0], [1.0], claim="acc > 1.5"))
    assert "tr&lt;a&gt;in" in html
    assert "<script" not in html
    assert html.count("http") == html.count("http://www.w3.org/2000/svg")
