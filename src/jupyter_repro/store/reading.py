"""Reads a journal back, whatever became of it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import StorageFailed
from jupyter_repro.records import CellRun

from .lines import SCHEMA, Header, Lost, decode

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["JournalContent", "newer_schema", "read_journal"]

_BOM = b"\xef\xbb\xbf"


class JournalContent(msgspec.Struct, frozen=True, kw_only=True):
    """What could be read of one kernel life."""

    header: Header | None
    """None if the first line is damaged or missing."""
    runs: tuple[CellRun, ...]
    """By order; where a run was written again, its last record."""
    dropped: int
    """Bytes of a torn last line, left out."""
    gaps: int
    """Damaged lines and records known to be lost: above 0 the record is incomplete."""

    @property
    def complete(self) -> bool:
        """Whether every record that was begun is here."""
        return self.header is not None and not self.dropped and not self.gaps


def read_journal(path: Path) -> JournalContent:
    """Return every good record of the file; damage is counted and never raises.

    Raises:
        StorageFailed: The file cannot be read, or a newer version wrote it.
    """
    header: Header | None = None
    runs: dict[int, CellRun] = {}
    dropped = gaps = 0
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StorageFailed(f"`{path}` is not a file", remedy="name a journal in `.jupyter_repro`")
        with path.open("rb") as file:
            for number, whole in enumerate(file):
                raw = (whole.removeprefix(_BOM) if number == 0 else whole).rstrip(b"\r\n")
                line = decode(raw) if raw else None
                if isinstance(line, int):
                    raise newer_schema(path, line)
                if isinstance(line, Header):
                    header = header or line
                elif isinstance(line, CellRun):
                    runs[line.order] = line
                elif isinstance(line, Lost):
                    gaps += line.count
                elif raw and not whole.endswith(b"\n"):
                    dropped = len(raw)
                elif raw:
                    gaps += 1
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageFailed(f"cannot read `{path}`: {reason}", remedy="choose another journal") from error
    return JournalContent(
        header=header, runs=tuple(runs[order] for order in sorted(runs)), dropped=dropped, gaps=gaps
    )


def newer_schema(path: Path, schema: int) -> StorageFailed:
    """Say that the file is from a newer version and is left as it is."""
    return StorageFailed(
        f"`{path}` is a journal of schema {schema}, this jupyter_repro reads up to {SCHEMA}",
        remedy="upgrade jupyter_repro; the file is left as it is",
    )
