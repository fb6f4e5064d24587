"""The journal of one rank: no locks, no talk between ranks; a line is one ``write``, so it survives ``kill -9``."""

from __future__ import annotations

import os
import re
import zlib
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.canonical import dumps
from jupyter_repro.canonical.write import storage_failed
from jupyter_repro.errors import BadRecord, StorageFailed
from jupyter_repro.records.ranks import SCHEMA, RankBegun, RankEnded, RankLine, RankSame, RankStep, RankTold

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RankJournal", "rank_files", "read_rank"]

_NAME = re.compile(r"rank-[0-9]{5,}\.jsonl")


class RankJournal:
    """Appends to ``rank-00003.jsonl``.

    Args:
        folder: Shared by all ranks; made if it is not there.
        begun: What the process is.

    Raises:
        StorageFailed: The file cannot be written.
    """

    def __init__(self, folder: Path, begun: RankBegun) -> None:
        self.path = folder / f"rank-{begun.rank:05d}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as error:
            raise storage_failed(self.path, error) from error
        self.add(begun)

    def add(self, line: RankLine) -> None:
        """Write a line.

        Raises:
            StorageFailed: The disk refuses.
        """
        body = dumps(line)
        try:
            os.write(self._handle, b"%08x " % zlib.crc32(body[:-1]) + body)
        except OSError as error:
            raise storage_failed(self.path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)


def rank_files(folder: Path) -> list[Path]:
    """Return the journals in a folder, by rank."""
    try:
        return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    except OSError as error:
        raise StorageFailed(
            f"cannot read `{folder}`: {error.strerror}", remedy="name the folder that the ranks wrote to"
        ) from error


def read_rank(path: Path) -> RankTold:
    """Return what a rank wrote since it last began; damage is counted.

    Raises:
        BadRecord: It does not say how it began, or a newer version wrote it.
        StorageFailed: It cannot be read.
    """
    try:
        raw = path.read_bytes().splitlines()
    except OSError as error:
        raise StorageFailed(f"cannot read `{path}`: {error.strerror}", remedy="check the path") from error
    found: list[RankLine] = []
    damaged = begins = 0
    for each in raw:
        line = _line(each)
        if line is None:
            damaged += 1
        elif isinstance(line, RankBegun):
            if line.schema > SCHEMA:
                raise BadRecord(f"`{path}` was written by a newer version", remedy="upgrade jupyter_repro")
            found, begins = [line], begins + 1
        else:
            found.append(line)
    if not found or not isinstance(found[0], RankBegun):
        raise BadRecord(f"`{path}` does not say how it began", remedy="leave it out, or run again")
    return RankTold(
        begun=found[0],
        steps=tuple(line for line in found if isinstance(line, RankStep)),
        same=tuple(line for line in found if isinstance(line, RankSame)),
        ended=next((line for line in found if isinstance(line, RankEnded)), None),
        begins=begins,
        damaged=damaged,
    )


def _line(raw: bytes) -> RankLine | None:
    checksum, _, body = raw.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        line: RankLine = msgspec.json.decode(body, type=RankLine)
    except msgspec.DecodeError:
        return None
    return line
