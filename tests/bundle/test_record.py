"""RECORD lines survive the round trip, whatever the file names."""

from __future__ import annotations

import base64
import hashlib
import io

from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.bundle.record import RecordRow, format_record, hash_stream, parse_record

_NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), min_size=1)


@given(st.lists(st.tuples(_NAMES, st.just("sha256=x"), st.just("7"))))
def test_rows_round_trip(rows: list[tuple[str, str, str]]) -> None:
    """What is formatted is parsed again, commas and quotes included."""
    given_rows = tuple(RecordRow(*row) for row in rows)
    assert given_rows == parse_record(format_record(given_rows))


def test_short_lines_are_filled() -> None:
    """A line without hash and size has empty ones."""
    assert (RecordRow("a/b.pyc", "", ""),) == parse_record("a/b.pyc\n")


@given(st.binary())
def test_hash_is_that_of_the_wheel_format(data: bytes) -> None:
    """The hash is URL-safe base64 without padding, and the copy holds the same bytes."""
    copy = io.BytesIO()
    row = hash_stream(io.BytesIO(data), copy)
    expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    assert RecordRow("", f"sha256={expected}", str(len(data))) == row
    assert data == copy.getvalue()
