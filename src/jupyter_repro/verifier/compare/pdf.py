"""PDF: the same bytes but for when it was made and the identifier made from that.

A writer puts the clock into ``/CreationDate``, ``/ModDate`` and the trailer's ``/ID`` (ISO 32000-1, 14.3.3 and
14.4). They are ignored only outside streams, where they stand as plain objects. So is the table of places
of objects (7.5.4), which moves with the length of a date.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from .comparer import Comparer
from .outcome import IDENTICAL, Outcome, differs, equivalent

if TYPE_CHECKING:
    from .tolerance import Tolerance

__all__ = ["COMPARER", "compare_pdf"]

_STREAM = re.compile(rb"(\bstream\r?\n.*?\bendstream\b)", re.DOTALL)
_DATE = re.compile(rb"/(CreationDate|ModDate)\s*\(D:[0-9Z+'-]{4,23}\)")
_ID = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]{16,64}>\s*<[0-9A-Fa-f]{16,64}>\s*\]")
_PLACES = re.compile(rb"\b(xref\r?\n[0-9 fn\r\n]+(?=trailer\b)|startxref\s+[0-9]+)")


def compare_pdf(reference: str, fresh: str, _tolerance: Tolerance) -> Outcome:
    """Compare two PDF documents in base64."""
    if "".join(reference.split()) == "".join(fresh.split()):
        return IDENTICAL
    try:
        was, now = (_undated(base64.b64decode(text)) for text in (reference, fresh))
    except ValueError as error:
        return differs(f"the documents have other bytes and cannot be looked into ({error})")
    if was == now and was.startswith(b"%PDF-"):
        return equivalent("the same PDF, made at another time")
    return differs("it has other bytes, and this kind cannot be looked into")


def _undated(document: bytes) -> bytes:
    pieces = _STREAM.split(document)
    return b"".join(
        piece if index % 2 else _PLACES.sub(b"", _ID.sub(b"/ID", _DATE.sub(rb"/\1", piece)))
        for index, piece in enumerate(pieces)
    )


COMPARER = Comparer(("application/pdf",), compare_pdf)
