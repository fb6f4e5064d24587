"""Versions of the files that a cell run opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.digest import file_digest
from jupyter_repro.records import ABSENT, Use, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_repro.inputs.opened import Opened

__all__ = ["current", "resource_of", "version_of", "versions"]

_LOOK_INSIDE_BYTES = 4 << 20
"""Larger files are known by size and time of change: hashing them would hold up the cell."""


def resource_of(path: Path, folder: Path) -> str:
    """Spell a file as a resource, relative to the notebook's folder where it lies below it."""
    try:
        return f"file:{path.relative_to(folder).as_posix()}"
    except ValueError:
        return f"file:{path.as_posix()}"


def digest_of(path: Path) -> str | None:
    """Return a digest of the file as it is now, ABSENT if there is none, None if it cannot be read."""
    try:
        stat = path.stat()
        if stat.st_size > _LOOK_INSIDE_BYTES:
            return f"size {stat.st_size}, changed {stat.st_mtime_ns}"
        return file_digest(path)[0]
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except OSError:
        return None


def version_of(path: Path) -> Version:
    """Return the version of a file as it is on disk, made by no cell."""
    digest = digest_of(path)
    return Version(digest, 0, (), "" if digest else "cannot be read")


def versions(
    opened: Opened, live: Mapping[str, Version], folder: Path
) -> tuple[tuple[Use, ...], tuple[tuple[str, str | None], ...]]:
    """Return the files a run read with their versions, and those it wrote with their digests."""
    written = {path: resource_of(Path(path), folder) for path in opened.written if not Path(path).is_dir()}
    reads = []
    products = frozenset(opened.written_first)
    for path in opened.read:
        if path in products:
            continue
        resource = resource_of(Path(path), folder)
        if path in opened.absent_first:
            version = Version(ABSENT)
        elif path in written:
            # read and written by one run: what it was before is known only from an earlier run
            version = live.get(resource, Version(None, 0, (), "was read and then changed by the same cell"))
        elif Path(path).is_dir():
            continue
        else:
            version = version_of(Path(path))
        reads.append(Use(resource, version))
    return tuple(reads), tuple((resource, digest_of(Path(path))) for path, resource in written.items())


def current(resources: Iterable[str], folder: Path) -> dict[str, Version]:
    """Return the versions on disk now of the ``file:`` resources given."""
    return {
        resource: version_of(folder / resource.partition(":")[2])
        for resource in set(resources)
        if resource.startswith("file:")
    }
