"""RECORD: the list of files that a wheel installs, with their hashes."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from typing import IO, TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RecordRow", "format_record", "hash_stream", "parse_record"]

_CHUNK = 1 << 20


class RecordRow(msgspec.Struct, frozen=True, order=True):
    """One line of RECORD."""

    path: str
    """Relative to the folder that holds the dist-info folder, ``/`` between parts."""
    hash: str
    """``sha256=...`` in URL-safe base64 without padding; empty where the writer gave none."""
    size: str


def parse_record(text: str) -> tuple[RecordRow, ...]:
    """Return the lines of RECORD in their order."""
    return tuple(
        RecordRow(*[*line, "", ""][:3]) for line in csv.reader(io.StringIO(text, newline="")) if line
    )


def format_record(rows: Iterable[RecordRow]) -> str:
    """Return RECORD with these lines, in the order given."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((row.path, row.hash, row.size) for row in rows)
    return out.getvalue()


def hash_stream(
    source: IO[bytes], target: IO[bytes] | None = None, *, algorithm: str = "sha256"
) -> RecordRow:
    """Return a nameless row for the rest of ``source``, copying it to ``target`` on the way."""
    digest, size = hashlib.new(algorithm), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    text = base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
    return RecordRow("", f"{algorithm}={text}", str(size))
