"""What the cells of this kernel have read and written, file by file, from the record of their runs."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.inputs.hashing import Digested, Progress, digests_of, no_progress
from jupyter_repro.inputs.manifest import find_manifest, read_manifest
from jupyter_repro.inputs.on_disk import FOLDER, known_without_bytes
from jupyter_repro.inputs.opened import blind_spots
from jupyter_repro.inputs.pointers import Pointers
from jupyter_repro.inputs.root import git_root
from jupyter_repro.records import ABSENT
from jupyter_repro.records.inputs import Contact, SeenFile, SeenInputs
from jupyter_repro.store.digests import cache_beside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_repro.records import CellRun, Document, Use, Version
    from jupyter_repro.records.data import Manifest
    from jupyter_repro.records.inputs import FileRole, TrackedWord

    from .session import Session

__all__ = ["seen_inputs"]

_SHA256 = 64
_SOURCES = (".py", ".ipynb", ".pyx", ".so", ".pyd")
_NETWORK = "it used the network"


class _Gathered(msgspec.Struct):
    """What the record says of one file."""

    read_by: dict[str, None] = msgspec.field(default_factory=dict)
    written_by: dict[str, None] = msgspec.field(default_factory=dict)
    first: Version | None = None
    """The version that was read first."""
    last: Version | None = None
    source: bool = False


def seen_inputs(session: Session, progress: Progress | None = None) -> SeenInputs:
    """Return the files and hosts of the latest run of each cell, with digests of the files.

    Raises:
        BadManifest: The manifest of data cannot be read.
    """
    folder = session.folder()
    runs = _latest(session.ledger.runs)
    named = _Labels(session.document())
    gathered = _gathered(runs, folder, named)
    found = find_manifest(folder)
    with cache_beside(folder if found is None else found.parent) as cache:
        digests = digests_of(gathered, cache, progress or no_progress())
    manifest = None if found is None else read_manifest(found)
    pointers = Pointers()
    files = [
        _file(path, each, digests[path], folder, pointers, (found, manifest))
        for path, each in sorted(gathered.items())
    ]
    return SeenInputs(
        folder=str(folder),
        manifest="" if found is None else str(found),
        files=tuple(each for each in files if each is not None),
        contacts=tuple(_contacts(runs, named)),
        unseen=blind_spots(),
    )


class _Labels:
    """How the cell of a run is called."""

    def __init__(self, document: Document) -> None:
        self._by_id = {cell.id: cell.label for cell in document.cells}
        self._by_digest = {cell.digest: cell.label for cell in document.cells}

    def of(self, run: CellRun) -> str:
        """Return the label of the cell, or what else tells it."""
        found = self._by_id.get(run.cell) if run.cell is not None else None
        return found or self._by_digest.get(run.digest) or "a cell that is gone"


def _latest(runs: Iterable[CellRun]) -> list[CellRun]:
    """Return the latest run of each cell, and those inside it, in the order they ran."""
    last: dict[str, int] = {run.cell or run.digest: run.order for run in runs if run.parent is None}
    orders = set(last.values())
    for run in runs:
        if run.parent in orders:
            orders.add(run.order)
    return [run for run in runs if run.order in orders]


def _gathered(runs: Iterable[CellRun], folder: Path, named: _Labels) -> dict[str, _Gathered]:
    found: dict[str, _Gathered] = {}
    for run in runs:
        label = named.of(run)
        for use in run.reads:
            path, source = _path_of(use, folder)
            if path and use.version.digest not in (ABSENT, FOLDER):
                file = found.setdefault(path, _Gathered())
                file.read_by[label] = None
                file.first = file.first or use.version
                file.last = use.version
                file.source = file.source or source
        for use in run.writes:
            path, _ = _path_of(use, folder)
            if path and use.resource.startswith("file:") and use.version.digest not in (ABSENT, FOLDER):
                found.setdefault(path, _Gathered()).written_by[label] = None
    return found


def _path_of(use: Use, folder: Path) -> tuple[str, bool]:
    """Return the absolute path behind a resource, empty if there is none, and whether it is a module's."""
    kind, _, name = use.resource.partition(":")
    if kind == "file":
        return os.path.normpath(folder / name), False
    if kind == "module":
        file = getattr(sys.modules.get(name), "__dict__", {}).get("__file__")
        return (os.path.abspath(file), True) if isinstance(file, str) else ("", True)  # noqa: PTH100 - as it is spelled
    return "", False


def _file(  # noqa: PLR0913, PLR0917 - the one place where all facts of a file meet
    path: str,
    each: _Gathered,
    now: Digested,
    folder: Path,
    pointers: Pointers,
    tracked: tuple[Path | None, Manifest | None],
) -> SeenFile | None:
    if each.first is None and now.absent:
        return None  # written for a while only
    sha256, note = _as_read(each, path, now)
    return SeenFile(
        path=_spelled(path, folder),
        role=_role(path, each),
        sha256=sha256,
        size=now.size if sha256 is not None and sha256 == now.sha256 else None,
        mode=_mode(path),
        read_by=tuple(each.read_by),
        written_by=tuple(each.written_by),
        tracked=_tracked(path, sha256, *tracked),
        revision=pointers.revision(path),
        note=note,
    )


def _role(path: str, each: _Gathered) -> FileRole:
    if each.first is None:
        return "output"
    if each.first.order and each.written_by:
        return "product"
    return "source" if each.source or path.endswith(_SOURCES) else "data"


def _as_read(each: _Gathered, path: str, now: Digested) -> tuple[str | None, str]:
    """Return the digest of what was read last, and what is to be said of it."""
    if each.source or each.last is None:  # a module's digest is one of its state, not of its bytes
        return now.sha256, now.why
    then = each.last.digest
    if then is None:
        return now.sha256, each.last.why_unknown or "what was read is not known"
    if len(then) == _SHA256:
        return then, _since(now, same=then == now.sha256)
    same = then == known_without_bytes(Path(path))
    return now.sha256 if same else None, _since(now, same=same)


def _since(now: Digested, *, same: bool) -> str:
    if now.absent:
        return "is gone since it was read"
    return now.why or ("" if same else "has changed since it was read")


def _tracked(path: str, sha256: str | None, place: Path | None, manifest: Manifest | None) -> TrackedWord:
    if place is None or manifest is None:
        return ""
    known = manifest.files.get(os.path.relpath(path, place.parent).replace(os.sep, "/"))
    if known is None:
        return ""
    return "as tracked" if known.sha256 == sha256 else "not as tracked"


def _spelled(path: str, folder: Path) -> str:
    """Return a path relative to the notebook's folder, if it lies in its project."""
    top = git_root(folder) or folder
    if not Path(path).is_relative_to(top):
        return Path(path).as_posix()
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _mode(path: str) -> str:
    try:
        return f"{stat.S_IMODE(os.stat(path).st_mode):04o}"  # noqa: PTH116 - the name as it is
    except (OSError, ValueError):
        return ""


def _contacts(runs: Iterable[CellRun], named: _Labels) -> Iterable[Contact]:
    for run in runs:
        used = any(effect.startswith(_NETWORK) for effect in run.effects)
        if used or run.hosts:
            yield Contact(cell=named.of(run), hosts=run.hosts, recorded=not used)
