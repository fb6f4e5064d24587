"""A PDF made at another time is the same document; any other byte is a difference."""

from __future__ import annotations

import base64
import datetime as dt
import io

import pytest
from matplotlib.figure import Figure

from jupyter_repro.verifier.compare.bundle import compare_forms
from jupyter_repro.verifier.compare.tolerance import Tolerance


def drawn(value: float = 2.0, *, zone: int = 0) -> str:
    """Return a real PDF of matplotlib's in base64, made now in that time zone (hours)."""
    figure = Figure(figsize=(2, 2))
    figure.subplots().plot([1, value])
    target = io.BytesIO()
    made = dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=zone)))
    figure.savefig(target, format="pdf", metadata={"CreationDate": made})
    return base64.b64encode(target.getvalue()).decode()


def verdict(was: str, now: str) -> str:
    """Compare two outputs that are PDFs."""
    return compare_forms({"application/pdf": was}, {"application/pdf": now}, Tolerance()).verdict


def test_the_clock_is_no_result() -> None:
    """Only the date differs."""
    first = drawn()
    assert verdict(first, first) == "identical"
    assert verdict(first, drawn(zone=2)) == "equivalent"


def test_another_drawing_is_another_document() -> None:
    """The same date, other content."""
    assert verdict(drawn(), drawn(3.0)) == "differs"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"stream\n/CreationDate (D:2026)\nendstream", b"stream\n/CreationDate (D:2027)\nendstream"),
        (b"(D:2026)", b"(D:2027)"),
        (b"/CreationDate (May)", b"/CreationDate (June)"),
    ],
)
def test_a_date_that_is_shown_is_a_result(was: bytes, now: bytes) -> None:
    """What looks like a date inside a stream, or stands alone, is compared."""
    old, new = (base64.b64encode(b"%PDF-1.4\n" + body).decode() for body in (was, now))
    assert verdict(old, new) == "differs"


def test_no_base64_is_a_difference() -> None:
    """Nothing raises."""
    assert verdict("AAA", "!!") == "differs"
    assert verdict(base64.b64encode(b"/ModDate (D:2026)").decode(), "AAAA") == "differs"
