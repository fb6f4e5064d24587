"""The report as JUnit XML, which build servers show: a case a cell and a case a claim."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

from .limits_told import first_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["junit_suites", "report_junit"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {"differs": "failure", "error": "error", "not run": "skipped", "volatile": "skipped"}
_MOST = 60
_SENTENCES = {
    "not run": "not run: ",
    "volatile": "volatile, which shows nothing of being reproduced: ",
}


def report_junit(*reports: Mapping[str, Any]) -> bytes:
    """Return the file for the contents of one or several ``report.json``."""
    root = ET.Element("testsuites", name="jupyter repro verify")
    for report in reports:
        root.extend(junit_suites(report))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(report['seconds'] for report in reports):.3f}")
    ET.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(ET.tostring(root, encoding="utf-8")) + b"\n"


def junit_suites(report: Mapping[str, Any]) -> list[ET.Element]:
    """Return the suites of one bundle: its cells, its claims, and what kept it from a verdict."""
    name = _text(report["notebook"] or report["bundle"]["path"])
    suites = [_suite(name, [_cell_case(name, row) for row in report["cells"]])] if report["cells"] else []
    if report["claims"]:
        place = f"{name} (claims)"
        suites.append(_suite(place, [_claim_case(place, claim) for claim in report["claims"]]))
    if report["verdict"] not in ("reproduced", "reproduced elsewhere", "differs"):
        case = ET.Element("testcase", classname=name, name="verify", time=f"{report['seconds']:.3f}")
        told = ET.SubElement(case, "error", message=_text(report["headline"]), type=_text(report["verdict"]))
        told.text = _text(report["remedy"])
        suites.append(_suite(f"{name} (verification)", [case]))
    if suites:
        properties = ET.Element("properties")
        facts = {
            "bundle": report["bundle"]["id"],
            "verdict": report["verdict"],
            "headline": report["headline"],
        }
        for key, value in facts.items():
            ET.SubElement(properties, "property", name=key, value=_text(value))
        suites[0].insert(0, properties)
    return suites


def _suite(name: str, cases: Sequence[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=name, tests=str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.extend(cases)
    return suite


def _cell_case(place: str, row: Mapping[str, Any]) -> ET.Element:
    first = first_line(row["source"])
    title = f"{row['label']}: {first[:_MOST]}" if first else row["label"]
    case = ET.Element("testcase", classname=place, name=_text(title), time=f"{row['duration_s']:.3f}")
    causes = [f"- {each['certainty']}: {each['text']}" for each in row["causes"]]
    sides = [f"the author:\n{each['reference']}\n\nhere:\n{each['fresh']}" for each in row["differences"]
             if each["kind"] == "text"]  # fmt: skip
    _judge(
        case, row, "\n".join(["why:", *causes, "", *sides] if causes else [row["unexplained"], "", *sides])
    )
    return case


def _claim_case(place: str, claim: Mapping[str, Any]) -> ET.Element:
    case = ET.Element("testcase", classname=place, name=_text(claim["text"]), time="0.000")
    both = f"the author: {claim['reference']}\nhere: {claim['fresh']}" if claim["part"] else ""
    where = f"{claim['label']}, {claim['part']}" if claim["part"] else claim["label"]
    _judge(case, claim, f"{where}\n{both}")
    return case


def _judge(case: ET.Element, row: Mapping[str, Any], detail: str) -> None:
    tag = _TAGS.get(row["verdict"])
    if tag is None:
        return
    message = _text(_SENTENCES.get(row["verdict"], "") + row["why"])
    told = ET.SubElement(case, tag, message=message)
    if tag != "skipped":
        told.set("type", _text(row["verdict"]))
        told.text = _text(detail.strip())


def _text(value: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("?", value)
