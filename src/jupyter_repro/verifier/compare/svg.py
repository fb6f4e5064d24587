"""SVG: the same elements with the same attributes; ids are renamed, dates ignored, numbers by tolerance."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from .comparer import Comparer
from .numbers import compare_numbers
from .outcome import IDENTICAL, Outcome, differs, equivalent, worst

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_svg"]

_PROLOG = re.compile(r"^\s*(<\?xml[^>]*\?>)?\s*(<!--.*?-->\s*)*(<!DOCTYPE\s+svg[^\[>]*>)?", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r"""(\bid="|#)([^"')\s]+)(?=["')])""")
"""Where an id is given, and where one is meant."""
_DATE = "{http://purl.org/dc/elements/1.1/}date"


def compare_svg(reference: str, fresh: str, tolerance: Tolerance) -> Outcome:
    """Compare two SVG drawings."""
    if reference == fresh:
        return IDENTICAL
    was, now = _parsed(reference), _parsed(fresh)
    if was is None or now is None:
        return differs("the drawings have other bytes and cannot be looked into")
    before, after = list(was.iter()), list(now.iter())
    if [(e.tag, len(e)) for e in before] != [(e.tag, len(e)) for e in after]:
        # the number of children at each element, in document order, fixes the tree
        return differs(f"the drawing has other elements ({len(before)} became {len(after)})")
    return worst([equivalent("the same drawing, with other ids or dates"), *_pairs(before, after, tolerance)])


def _pairs(before: list[ET.Element], after: list[ET.Element], tolerance: Tolerance) -> list[Outcome]:
    outcomes = []
    for old, new in zip(before, after, strict=True):
        if old.tag == _DATE:
            continue
        if sorted(old.attrib) != sorted(new.attrib):
            return [differs("an element of the drawing has other attributes")]
        texts = [
            ((old.text or "").strip(), (new.text or "").strip()),
            ((old.tail or "").strip(), (new.tail or "").strip()),
        ]
        texts += [(old.attrib[name], new.attrib[name]) for name in old.attrib]
        outcomes += [compare_numbers(a, b, tolerance) for a, b in texts if a != b]
    return outcomes


def _parsed(text: str) -> ET.Element | None:
    """Return the drawing with its ids numbered; None if it declares entities or is not XML."""
    body = _PROLOG.sub("", text, count=1)
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        return None
    numbers = {name: f"id-{number}" for number, name in enumerate(dict.fromkeys(_ID.findall(body)))}
    body = _REFERENCE.sub(lambda match: match[1] + numbers.get(match[2], f"nowhere {match[2]}"), body)
    try:
        return ET.fromstring(body)  # noqa: S314 - entities are refused above, and the size is bounded by the bundle's
    except ET.ParseError:
        return None


COMPARER = Comparer(("image/svg+xml",), compare_svg)
