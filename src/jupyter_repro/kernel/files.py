"""Versions of the files that a cell run opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.inputs.on_disk import digest_at
from jupyter_repro.records import ABSENT, Use, Version

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from jupyter_repro.inputs.opened import Opened

__all__ = ["current", "resource_of", "version_of", "versions"]

Written = tuple[tuple[str, str | None], ...]
"""Resources with the digest of what is there now."""


def resource_of(path: Path, folder: Path) -> str:
    """Spell a file as a resource, relative to the notebook's folder where it lies below it."""
    try:
        return f"file:{path.relative_to(folder).as_posix()}"
    except ValueError:
        return f"file:{path.as_posix()}"


def version_of(path: Path) -> Version:
    """Return the version of a file as it is on disk, made by no cell."""
    return _version(digest_at(path))


def _version(digest: str | None) -> Version:
    return Version(digest, 0, (), "" if digest else "cannot be read")


def versions(
    opened: Opened,
    live: Mapping[str, Version],
    folder: Path,
    *,
    asked: Iterable[str] = (),
    ensured: Container[str] = (),
) -> tuple[tuple[Use, ...], Written]:
    """Return the files a run read with their versions, and those it wrote with their digests.

    Args:
        opened: What it opened.
        live: The versions before it.
        folder: The notebook's folder.
        asked: Absolute paths of which it asked whether something is there.
        ensured: Absolute paths at which it made a folder if there was none.
    """
    written = {path: resource_of(Path(path), folder) for path in opened.written if not Path(path).is_dir()}
    written.update((path, resource_of(Path(path), folder)) for path in opened.folders)
    found = {path: digest for path, digest in opened.found if path not in ensured}
    questions = frozenset(asked) - frozenset(opened.read)
    products = frozenset(opened.written_first) - found.keys() - questions
    reads = {}
    for path in (*opened.read, *found, *sorted(questions)):
        resource = resource_of(Path(path), folder)
        if path in products or resource in reads:
            continue
        if path in found:
            version = _as_known(live.get(resource), _version(found[path]))
        elif path in opened.absent_first:
            version = Version(ABSENT)
        elif path in written:
            # read and written by one run: what it was before is known only from an earlier run
            version = live.get(resource, Version(None, 0, (), "was read and then changed by the same cell"))
        elif Path(path).is_dir() and path not in questions:
            continue
        else:
            version = version_of(Path(path))
        reads[resource] = version
    uses = tuple(Use(resource, version) for resource, version in reads.items())
    return uses, tuple((resource, digest_at(Path(path))) for path, resource in written.items())


def _as_known(known: Version | None, found: Version) -> Version:
    """Take the version whose maker is known, if it is what was found."""
    same = known is not None and (known.digest == found.digest or known.digest is None)
    return known if known is not None and same else found


def current(resources: Iterable[str], folder: Path) -> dict[str, Version]:
    """Return the versions on disk now of the ``file:`` resources given."""
    return {
        resource: version_of(folder / resource.partition(":")[2])
        for resource in set(resources)
        if resource.startswith("file:")
    }
