"""A file is what was tracked, or the cell stops before it reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import InputChanged, NotTracked

from .audit import tell, unwatched
from .manifest import find_manifest
from .tracking import Project, select, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.data import Compared, DataChange

    from .stat_cache import StatCache

__all__ = ["assure"]

_NAMED = 3


def assure(path: str, base: Path, *, cache_beside: Callable[[Path], StatCache]) -> None:
    """Return if a file, or all files below a folder, are as tracked.

    What is assured counts as read by the cell that asks, whoever reads it then: a reader in C opens files unseen.

    Args:
        path: As the user spells it.
        base: The folder that a relative path means.
        cache_beside: Returns the digests that are known of a project.

    Raises:
        InputChanged: A file differs or is gone; both digests are named.
        NotTracked: Nothing is known of it.
        BadManifest: The manifest cannot be read.
    """
    absolute = Path(os.path.abspath(base / os.path.expanduser(path)))  # noqa: PTH100, PTH111 - links stay as the user spells them
    manifest = find_manifest(absolute.parent) or find_manifest(base)
    if manifest is None:
        raise NotTracked(
            f"`{path}` is not tracked: no manifest of data lies in a folder above it",
            remedy=f"track it with `%repro data track {path}`",
        )
    project = Project(manifest, base)
    with unwatched(), cache_beside(project.top) as cache:
        compared = verify(project, [str(absolute)], cache)
        files = () if compared.changes else select(project, [str(absolute)])
    if compared.changes:
        raise InputChanged(_what(path, compared), remedy=_remedy(path, compared))
    # that another file is tracked later changes the manifest, and nothing for this cell
    tell(("beside", str(manifest)))
    for file in files:
        tell(("read", os.path.join(project.top, file.path)))  # noqa: PTH118 - a plain string, as from an event


def _what(path: str, compared: Compared) -> str:
    changes = compared.changes
    if len(changes) == 1:
        return _sentence(changes[0])
    named = "; ".join(map(_sentence, changes[:_NAMED]))
    more = f"; and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return f"{len(changes)} files in `{path}` differ from what was tracked: {named}{more}"


def _sentence(change: DataChange) -> str:
    name, before, after = change.path, change.before, change.after
    if change.kind == "changed" and before is not None and after is not None:
        return (
            f"`{name}` is not the file that was tracked: SHA-256 {before.sha256} ({before.size} bytes) was tracked, "
            f"{after.sha256} ({after.size} bytes) is there"
        )
    if change.kind == "missing" and before is not None:
        return f"`{name}` is not there; SHA-256 {before.sha256} ({before.size} bytes) was tracked"
    if change.kind == "new" and after is not None:
        return f"`{name}` is there and was not tracked, SHA-256 {after.sha256} ({after.size} bytes)"
    return f"`{name}` cannot be read: {change.why}"


def _remedy(path: str, compared: Compared) -> str:
    if all(change.kind == "unreadable" for change in compared.changes):
        return "make it readable"
    return f"restore what was tracked, or take the change over with `%repro data accept {path}`"
