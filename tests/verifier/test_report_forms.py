"""The same report on a terminal, as JUnit XML, as a certificate and with both sides on a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.certificate import certificate_html, certificate_text
from jupyter_repro.verifier.errors import BundleRejected, UsageFault
from jupyter_repro.verifier.report import Report
from jupyter_repro.verifier.report_files import certificate, write_report
from jupyter_repro.verifier.report_html import report_html
from jupyter_repro.verifier.report_junit import report_junit
from jupyter_repro.verifier.report_sides import sides
from jupyter_repro.verifier.report_text import report_lines

if TYPE_CHECKING:
    from pathlib import Path

_HOSTILE = "<b>x</b> & \x00\x1b[31m \ud800 \u202e ]]> `a`"


def _row(label: str, verdict: str, why: str = "", **facts: Any) -> dict[str, Any]:
    told = {
        "causes": [],
        "unexplained": "",
        "differences": [],
        "notes": [],
        "source": "# a\nx = 1",
        "duration_s": 1.25,
    }
    return {"id": label, "label": label, "verdict": verdict, "why": why, **told, **facts}


def _cause(text: str, certainty: str = "recorded") -> dict[str, str]:
    return {"kind": "rng", "text": text, "certainty": certainty, "cell": ""}


def _report(*rows: dict[str, Any], **facts: Any) -> dict[str, Any]:
    report = Report(bundle="a.zip", bundle_id="12" * 32, notebook="nb.ipynb", rows=list(rows))
    report.environment = {
        "built_with": "uv", "python": "3.11", "author_python": "3.11", "notes": [],
        "packages_of_another_version": [], "packages_of_other_bytes": [], "machine": {"cores": "2"},
    }  # fmt: skip
    report.conclude("differs", 1, "differs: some")
    return {**report.to_json(), **facts}


_CLAIM = {
    "text": "Table 2", "cell": "c", "label": "cell 2", "part": "row `a`", "verdict": "differs", "why": "1 became 2",
    "reference": "1", "fresh": "2", "holds": False,
}  # fmt: skip


def test_lines_of_a_terminal() -> None:
    """A line a cell, the most telling cause under it, the claims, and the first to differ."""
    report = _report(
        _row("cell 1", "identical"),
        _row("cell 2", "differs", "1 became 2", causes=[_cause("a"), _cause("b")]),
        _row("cell 10", "differs", "3 became 4", causes=[_cause("c", "possible")]),
        _row("cell 11", "differs", "5 became 6", unexplained="not known"),
        claims=[_CLAIM],
        first_divergence={"cell": "c", "label": "cell 2", "why": "a"},
    )
    assert list(report_lines(report, width=100)) == [
        "  = cell 1   identical",
        "  ! cell 2   differs    1 became 2",
        "                        because a",
        "  ! cell 10  differs    3 became 4",
        "                        perhaps: c",
        "  ! cell 11  differs    5 became 6",
        "                        not known",
        "",
        "claims",
        "  ! Table 2  cell 2, row `a`  differs  1 became 2",
        "",
        "first to differ: cell 2: a",
    ]


@pytest.mark.parametrize("width", [1, 30, 60, 200])
def test_no_width_is_too_narrow(width: int) -> None:
    """Long reasons are wrapped, and no word of them is lost."""
    why = " ".join(f"word{n}" for n in range(30))
    report = _report(_row("cell 1", "differs", why, causes=[_cause(why)]))
    lines = list(report_lines(report, width=width))
    assert " ".join(" ".join(lines).split()).count(why) == 2
    assert max(map(len, lines)) <= max(width, 80)


def test_junit() -> None:
    """A suite of cells and one of claims, with counts that add up and all that is hostile made harmless."""
    report = _report(
        _row("cell 1", "identical"),
        _row("cell 2", "differs", _HOSTILE, causes=[_cause(_HOSTILE)], source=_HOSTILE),
        _row("cell 3", "error", "ValueError: x"),
        _row("cell 4", "volatile", "only there"),
        _row("cell 5", "not run", "stopped"),
        claims=[_CLAIM],
    )
    root = ET.fromstring(report_junit(report))
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "2", "errors": "1", "skipped": "2"}
    cases = root.findall("./testsuite/testcase")
    assert [case.get("name") for case in cases][:1] == ["cell 1: x = 1"]
    assert [case[0].tag if len(case) else "" for case in cases] == [
        "", "failure", "error", "skipped", "skipped", "failure",
    ]  # fmt: skip
    assert "recorded: <b>x</b>" in (cases[1][0].text or "")
    assert root.find("./testsuite/properties/property[@name='bundle']") is not None


def test_junit_of_what_has_no_verdict() -> None:
    """A bad bundle is one error, not an empty file that looks like success."""
    report = Report(bundle="a.zip")
    report.fail(BundleRejected("digest", "tampered", remedy="ask again"))
    root = ET.fromstring(report_junit(report.to_json(), _report(_row("cell 1", "identical"))))
    assert (root.get("tests"), root.get("errors")) == ("2", "1")
    told = root.find("./testsuite/testcase/error")
    assert told is not None
    assert (told.get("message"), told.get("type"), told.text) == (
        "bad bundle: tampered",
        "bad bundle",
        "ask again",
    )


@pytest.mark.parametrize("make", [certificate_text, certificate_html], ids=["text", "page"])
def test_the_certificate_says_all(make: Any) -> None:
    """What, where, claims, isolation, what was not seen; and no badge."""
    text = make(
        _report(
            _row("cell 1", "identical"),
            _row("cell 2", "volatile"),
            claims=[_CLAIM],
            isolation={"sentence": "in a bubblewrap sandbox"},
            at="2026-11-21 23:40 UTC",
        )
    )
    for told in (
        "nb.ipynb", "12" * 32, "1 identical, 1 volatile", "Table 2", "in a bubblewrap sandbox", "2026-11-21 23:40 UTC",
        "Volatile outputs (cell 2) show nothing", "No badge is awarded", "byte for byte", "cores 2",
    ):  # fmt: skip
        assert told in text


@pytest.mark.parametrize(
    "make", [certificate_text, certificate_html, report_html], ids=["text", "sheet", "page"]
)
@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"proven": False}, "nobody ran it anew"),
        ({"waivers": [{"code": "RP801", "message": "shown is another", "reason": "a clock"}]}, "a clock"),
        ({"signature": "signed by ada@engine.org"}, "signed by ada@engine.org"),
        ({}, "not who wrote it"),
        ({"claims_not_judged": 3}, "3 in all"),
    ],
    ids=["not proven", "waived", "signed", "not signed", "quick"],
)
def test_what_the_author_leaves_open(make: Any, facts: dict[str, Any], told: str) -> None:
    """It stands in every form that a reader may be shown."""
    text = " ".join(make(_report(_row("cell 1", "identical"), **facts)).split())
    assert told in text
    assert ("not who wrote it" in text) == ("signature" not in facts)


def test_the_certificate_of_a_failure() -> None:
    """What is known is told, and nothing else."""
    report = Report(bundle="a.zip")
    report.fail(BundleRejected("digest", "tampered", remedy="ask again"))
    text = certificate_text(report.to_json())
    assert "bad bundle: tampered" in text
    assert "ask again" in text
    assert "byte for byte" not in text


def test_hostile_claims_and_causes_are_text() -> None:
    """On every page, wherever a bundle's words stand."""
    claim = {key: _HOSTILE if isinstance(value, str) else value for key, value in _CLAIM.items()}
    report = _report(
        _row(_HOSTILE, "differs", _HOSTILE, causes=[_cause(_HOSTILE, _HOSTILE)], unexplained=_HOSTILE),
        claims=[claim],
        first_divergence={"cell": _HOSTILE, "label": _HOSTILE, "why": _HOSTILE},
    )
    report["environment"]["machine"] = {_HOSTILE: _HOSTILE}
    for page in (report_html(report), certificate_html(report)):
        assert "<b>x" not in page
        assert "&lt;b&gt;x&lt;/b&gt; &amp;" in page
    assert not any("\x1b" in line or "\u202e" in line for line in report_lines(report, width=80))


@pytest.mark.parametrize(
    ("was", "now", "marked"),
    [
        ("loss 0.25 ok", "loss 0.75 ok", ["<mark>0.25</mark>", "<mark>0.75</mark>"]),
        ("a\nb", "a\nb\nc", ["<mark>c</mark>"]),
        ("<i>1", "<i>2", ["&lt;i&gt;<mark>1</mark>", "<mark>2</mark>"]),
        (None, "x", ["(no output)"]),
    ],
    ids=["word", "line", "markup", "none"],
)
def test_what_differs_is_marked(was: str | None, now: str | None, marked: list[str]) -> None:
    """The words, or the lines that only one side has."""
    markup = sides({"kind": "text", "mime": "text/plain", "reference": was, "fresh": now})
    for each in marked:
        assert each in markup


def test_an_svg_is_shown_as_an_image() -> None:
    """Where no script of it runs."""
    text = "<svg onload='alert(1)'><script>alert(1)</script></svg>"
    markup = sides({"kind": "image", "mime": "image/svg+xml", "reference": text, "fresh": None})
    assert "alert" not in markup
    assert 'src="data:image/svg+xml;base64,' in markup


def test_files(tmp_path: Path) -> None:
    """Every form where it was asked for; the suffix decides which certificate."""
    report = _report(_row("cell 1", "identical"))
    page = write_report(report, tmp_path, junit=tmp_path / "new/j.xml", certificate_to=tmp_path / "c.txt")
    assert page == tmp_path / "report.html"
    assert sorted(each.name for each in tmp_path.rglob("*") if each.is_file()) == [
        "c.txt", "j.xml", "report.html", "report.json",
    ]  # fmt: skip
    assert certificate(report, tmp_path / "c.html").startswith(b"<!doctype html>")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageFault, match="the verdict: differs"):
        write_report(report, tmp_path, junit=tmp_path / "file/j.xml")
