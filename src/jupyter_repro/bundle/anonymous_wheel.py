"""A wheel of the author's own without the fields of METADATA that name people."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from .record import RecordRow, format_record, parse_record
from .wheels import WheelFile, write_wheel

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["without_people"]

_NAMING = (
    "author",
    "author-email",
    "maintainer",
    "maintainer-email",
    "home-page",
    "download-url",
    "project-url",
)
_EXECUTABLE = 0o111 << 16


def without_people(wheel: Path, record: str) -> str:
    """Write a wheel anew without the fields that name people; return the RECORD that installing it will leave.

    Args:
        wheel: The file, replaced.
        record: What installing it would have left before.

    Raises:
        OSError: It cannot be written.
    """
    with zipfile.ZipFile(wheel) as archive:
        info = next(name.split("/")[0] for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        files = [
            WheelFile(
                member=entry.filename,
                source=_unnamed(archive.read(entry))
                if entry.filename == f"{info}/METADATA"
                else archive.read(entry),
                executable=bool(entry.external_attr & _EXECUTABLE),
            )
            for entry in archive.infolist()
            if not entry.is_dir() and entry.filename != f"{info}/RECORD"
        ]
    written = {row.path: row for row in write_wheel(wheel, info, files)}
    changed = written[f"{info}/METADATA"]
    rows = (
        RecordRow(row.path, changed.hash, changed.size) if row.path == changed.path else row
        for row in parse_record(record)
    )
    return format_record(sorted(rows))


def _unnamed(metadata: bytes) -> bytes:
    head, gap, body = metadata.decode("utf-8", "surrogateescape").partition("\n\n")
    kept: list[str] = []
    dropping = False
    for line in head.split("\n"):
        if not line.startswith((" ", "\t")):
            dropping = line.partition(":")[0].strip().lower() in _NAMING
        if not dropping:
            kept.append(line)
    return ("\n".join(kept) + gap + body).encode("utf-8", "surrogateescape")
