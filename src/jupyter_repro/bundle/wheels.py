"""A wheel with the same bytes for the same files."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import msgspec

from .layout import ZIP_DATE
from .record import RecordRow, format_record, hash_stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from packaging.tags import Tag

__all__ = ["WheelFile", "read_record", "wheel_name", "write_wheel"]

_LEVEL = 1
"""A gigabyte packs in seconds and is a tenth larger than at level 6."""


class WheelFile(msgspec.Struct, frozen=True, kw_only=True):
    """One member of a wheel: bytes in memory, or a file to copy."""

    member: str
    source: Path | bytes
    executable: bool = False


def wheel_name(stem: str, build: str, tags: frozenset[Tag]) -> str:
    """Return the file name of a wheel; ``stem`` is ``name-version`` as its dist-info folder has it."""
    split = [(tag.interpreter, tag.abi, tag.platform) for tag in tags]
    parts = [stem, build] if build else [stem]
    parts += [".".join(sorted({str(part) for part in column})) for column in zip(*split, strict=True)]
    return "-".join(parts) + ".whl"


def write_wheel(path: Path, info: str, files: Iterable[WheelFile]) -> tuple[RecordRow, ...]:
    """Write a wheel with a RECORD of its own and return that RECORD's lines.

    Args:
        path: The file to make.
        info: Name of the dist-info folder inside the wheel.
        files: Everything but RECORD, each member once.

    Raises:
        OSError: A file cannot be read or the wheel cannot be written.
    """
    # metadata last, as the wheel format recommends
    ordered = sorted(files, key=lambda file: (file.member.startswith(f"{info}/"), file.member))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = sorted(_add(archive, file) for file in ordered)
        rows.append(RecordRow(f"{info}/RECORD", "", ""))
        _add(archive, WheelFile(member=f"{info}/RECORD", source=format_record(rows).encode()))
    return tuple(rows)


def _add(archive: zipfile.ZipFile, file: WheelFile) -> RecordRow:
    entry = zipfile.ZipInfo(file.member, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined] # noqa: SLF001 - public only from 3.13 on
    entry.create_system = 3
    entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
    size = len(file.source) if isinstance(file.source, bytes) else file.source.stat().st_size
    entry.file_size = size  # zipfile then knows by itself whether the member needs ZIP64
    with (
        io.BytesIO(file.source) if isinstance(file.source, bytes) else file.source.open("rb") as source,
        archive.open(entry, "w") as target,
    ):
        row = hash_stream(source, target)
    return RecordRow(file.member, row.hash, row.size)


def read_record(path: Path) -> str:
    """Return the RECORD inside a wheel.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no wheel.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/RECORD", name)]
            if len(names) != 1:
                raise ValueError(f"`{path.name}` holds {len(names)} RECORD files")
            return archive.read(names[0]).decode("utf-8")
    except zipfile.BadZipFile as error:
        raise ValueError(f"`{path.name}` is not a wheel: {error}") from error
