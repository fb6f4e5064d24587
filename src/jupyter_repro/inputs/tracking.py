"""Track data, compare it with what was tracked, take a change over."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import NotTracked
from jupyter_repro.records.data import Compared, DataChange, Manifest, Tracked
from jupyter_repro.secrets import is_clean, may_hold_secrets

from .hashing import Digested, Progress, digests_of, no_progress
from .ignore_rules import IGNORE_FILE, read_ignore_rules
from .manifest import MANIFEST, find_manifest, new_manifest_place, read_manifest, write_manifest
from .walk import files_below, named_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .stat_cache import StatCache

__all__ = ["Project", "accept", "project_at", "select", "track", "verify"]


class Project(msgspec.Struct, frozen=True):
    """A manifest and the folder it speaks of."""

    path: Path
    """The manifest; it need not be there yet."""
    base: Path
    """The folder that relative paths of the user mean."""

    @property
    def top(self) -> Path:
        """The folder that paths in the manifest are relative to."""
        return self.path.parent

    def relative(self, path: str) -> str:
        """Return an absolute path as the manifest spells it.

        Raises:
            NotTracked: It does not lie below the manifest's folder.
        """
        name = os.path.relpath(path, self.top).replace(os.sep, "/")
        if name.startswith("../") or name == ".." or os.path.isabs(name):  # noqa: PTH117 - another drive
            raise NotTracked(
                f"`{path}` does not lie below `{self.top}`, where the manifest is",
                remedy=f"name a manifest in a folder above it: `--manifest FOLDER/{MANIFEST}`",
            )
        return name


def project_at(base: Path, manifest: Path | None = None) -> Project:
    """Return the project that a folder belongs to: that of the nearest manifest, else a new one.

    Args:
        base: An absolute folder.
        manifest: The manifest to use instead.
    """
    if manifest is None:
        return Project(find_manifest(base) or new_manifest_place(base), base)
    named = Path(os.path.abspath(base / manifest))  # noqa: PTH100 - links stay as the user spells them
    return Project(named / MANIFEST if named.is_dir() else named, base)


def track(
    project: Project, words: Sequence[str], cache: StatCache, progress: Progress | None = None
) -> Compared:
    """Write the digests of files that are not tracked yet; a tracked file that differs is told, not taken over.

    Raises:
        NotTracked: A path is not there, or lies outside.
        BadManifest: The manifest cannot be read.
        StorageFailed: It cannot be written.
    """
    manifest = read_manifest(project.path)
    chosen = _chosen(project, manifest, words)
    compared = _compared(project, manifest, chosen, chosen.folders, cache, progress)
    new = [change for change in compared.changes if change.kind == "new"]
    added = tuple(change.after for change in new if change.after is not None)
    folders = tuple(sorted({*manifest.folders, *chosen.folders}))
    if added or folders != manifest.folders:
        files = {**manifest.files, **{each.path: each for each in added}}
        write_manifest(project.path, Manifest(folders, files))
    return msgspec.structs.replace(
        compared,
        added=added,
        changes=tuple(change for change in compared.changes if change.kind != "new"),
    )


def verify(
    project: Project, words: Sequence[str], cache: StatCache, progress: Progress | None = None
) -> Compared:
    """Compare files with what was tracked of them; no words: all that is tracked.

    Raises:
        NotTracked: A path is not tracked.
        BadManifest: The manifest cannot be read, or there is none.
    """
    manifest = read_manifest(project.path)
    _require(project, manifest)
    chosen = _chosen(project, manifest, words or [str(project.top)])
    if words:
        _require_tracked(manifest, chosen)
    return _compared(project, manifest, chosen, _to_walk(manifest, chosen), cache, progress)


def accept(
    project: Project, words: Sequence[str], cache: StatCache, progress: Progress | None = None
) -> Compared:
    """Take over what differs below the paths: changed bytes, new files, and that files are gone.

    Raises:
        NotTracked: A path is not tracked.
        BadManifest: The manifest cannot be read, or there is none.
        StorageFailed: It cannot be written.
    """
    manifest = read_manifest(project.path)
    _require(project, manifest)
    chosen = _chosen(project, manifest, words)
    _require_tracked(manifest, chosen)
    compared = _compared(project, manifest, chosen, _to_walk(manifest, chosen), cache, progress)
    taken = tuple(change for change in compared.changes if change.kind != "unreadable")
    if taken:
        files = dict(manifest.files)
        for change in taken:
            if change.after is None:
                del files[change.path]
            else:
                files[change.path] = change.after
        folders = tuple(
            each for each in manifest.folders if (project.top / each).is_dir() or _any_below(each, files)
        )
        write_manifest(project.path, Manifest(folders, files))
    return msgspec.structs.replace(
        compared,
        taken_over=taken,
        changes=tuple(change for change in compared.changes if change.kind == "unreadable"),
    )


def select(project: Project, words: Sequence[str]) -> tuple[Tracked, ...]:
    """Return what is tracked below the paths, without looking at the files; no words: all of it.

    Raises:
        NotTracked: A path is not tracked.
        BadManifest: The manifest cannot be read, or there is none.
    """
    manifest = read_manifest(project.path)
    _require(project, manifest)
    if not words:
        return tuple(manifest.files.values())
    chosen = _chosen(project, manifest, words)
    _require_tracked(manifest, chosen)
    names = {*_below_any(manifest, chosen), *(name for name in chosen.files if name in manifest.files)}
    return tuple(manifest.files[name] for name in sorted(names))


class _Chosen(msgspec.Struct, frozen=True):
    """What words name, as the manifest spells it."""

    files: tuple[str, ...]
    folders: tuple[str, ...]


def _chosen(project: Project, manifest: Manifest, words: Sequence[str]) -> _Chosen:
    files: dict[str, None] = {}
    folders: dict[str, None] = {}
    for path in named_paths(words, project.base):
        name = project.relative(path)
        known = name in manifest.files
        if os.path.isdir(path) and not known:  # noqa: PTH112 - must not raise on odd names
            folders[name] = None
        elif os.path.lexists(path) or known:
            files[name] = None
        elif name in manifest.folders or _any_below(name, manifest.files):
            folders[name] = None  # it is gone with all its files
        else:
            raise NotTracked(f"there is no `{name}`", remedy="check the name")
    return _Chosen(tuple(files), tuple(folders))


def _below_any(manifest: Manifest, chosen: _Chosen) -> Iterator[str]:
    """Yield the tracked files in the chosen folders; where files alone are chosen, no others are gone through."""
    if chosen.folders:
        yield from (name for name in manifest.files if any(_is_below(name, each) for each in chosen.folders))


def _require(project: Project, manifest: Manifest) -> None:
    if not manifest.files and not manifest.folders:
        raise NotTracked(
            f"no data is tracked below `{project.top}`", remedy="begin with `%repro data track data/`"
        )


def _require_tracked(manifest: Manifest, chosen: _Chosen) -> None:
    for name in chosen.files:
        if name not in manifest.files and not _is_covered(name, manifest.folders):
            raise NotTracked(f"`{name}` is not tracked", remedy=f"track it with `%repro data track {name}`")
    for name in chosen.folders:
        if not (_any_below(name, manifest.files) or _is_covered(name, manifest.folders)):
            raise NotTracked(
                f"nothing in `{name}` is tracked", remedy=f"track it with `%repro data track {name}`"
            )


def _compared(  # noqa: PLR0913, PLR0917 - the one place where all of these meet
    project: Project,
    manifest: Manifest,
    chosen: _Chosen,
    walked: Sequence[str],
    cache: StatCache,
    progress: Progress | None,
) -> Compared:
    """Compare the chosen files, and all that is there in the folders walked."""
    names = {*chosen.files}
    names.update(_below_any(manifest, chosen))
    passed_over: list[str] = []
    rules = read_ignore_rules(project.top)
    for folder in walked:
        found = files_below(folder, project.top, rules)
        passed_over += found.passed_over
        names.update(found.files)
    names -= {project.relative(str(project.path)), IGNORE_FILE}
    paths = {name: os.path.normpath(os.path.join(project.top, name)) for name in sorted(names)}  # noqa: PTH118 - odd names
    digests = digests_of(paths.values(), cache, progress or no_progress())
    changes = [
        change
        for name, path in paths.items()
        if (change := _change(name, manifest.files.get(name), digests[path])) is not None
    ]
    return Compared(
        manifest=str(project.path),
        same=len(paths) - len(changes),
        size=sum(each.size for each in digests.values()),
        changes=tuple(changes),
        passed_over=tuple(passed_over),
    )


def _to_walk(manifest: Manifest, chosen: _Chosen) -> tuple[str, ...]:
    """Return the folders in which a file that is not tracked is a difference, as far as they were named."""
    wanted = {each for each in chosen.folders if _is_covered(each, manifest.folders)}
    for folder in chosen.folders:
        wanted |= {each for each in manifest.folders if _is_below(each, folder)}
    return tuple(
        sorted(
            each for each in wanted if not any(each != other and _is_below(each, other) for other in wanted)
        )
    )


def _change(name: str, before: Tracked | None, found: Digested) -> DataChange | None:
    if found.sha256 is not None:
        after = Tracked(name, found.sha256, found.size)
        if after == before:
            return None
        if before is None and may_hold_secrets(name) and not is_clean(name):
            return DataChange(kind="unreadable", path=name, why="its name looks like a credential")
        return DataChange(kind="new" if before is None else "changed", path=name, before=before, after=after)
    if found.absent and before is not None:
        return DataChange(kind="missing", path=name, before=before)
    return DataChange(kind="unreadable", path=name, before=before, why=found.why)


def _is_below(name: str, folder: str) -> bool:
    return folder == "." or name.startswith(f"{folder}/")


def _is_covered(name: str, folders: Iterable[str]) -> bool:
    return any(name == folder or _is_below(name, folder) for folder in folders)


def _any_below(folder: str, names: Iterable[str]) -> bool:
    return any(_is_below(name, folder) for name in names)
