"""Environments that are kept: built once for every lock, used by many verifications, safe with several at once.

Each lies in a folder named by the digest of what it is made from. One lock of that name is held by the one who builds,
another by all who use it; who removes takes both, and only if nobody holds them. An environment that was not finished
has no facts beside it, and is built anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .rebuild import New, as_built, find_uv, rebuild
from .ways import BEST_EFFORT
from .workspace import discard

try:
    import fcntl
except ImportError:  # Windows: nothing is kept
    fcntl = None  # type: ignore[assignment]  # asked for below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rebuild import Built
    from .recipe import Recipe
    from .ways import BuildOptions
    from .workspace import Workspace

__all__ = ["Kept", "environment_of", "evict", "kept_environments"]

_DAY_S = 86_400.0


@dataclasses.dataclass(frozen=True)
class Kept:
    """One environment that is kept."""

    folder: Path
    bytes: int
    used: float
    """Seconds since the epoch."""


@contextlib.contextmanager
def environment_of(
    workspace: Workspace,
    recipe: Recipe,
    *,
    options: BuildOptions,
    folder: Path | None,
    tell: Callable[[str], None],
) -> Iterator[Built]:
    """Give the environment of a bundle while the ``with`` block lasts: one that is kept, or a new one.

    Args:
        workspace: Where the bundle has been unpacked.
        recipe: The bundle's recipe.
        options: What the reader says.
        folder: Where environments are kept; None keeps none.
        tell: Called with each way that is tried.

    Raises:
        BuildFailed: With the last lines of the tool that failed.
    """
    if folder is None or fcntl is None:
        yield rebuild(workspace, recipe, options=options, tell=tell)
        return
    folder.mkdir(parents=True, exist_ok=True)
    target = (folder / _digest(workspace, recipe, options)).resolve()
    with _lock(target, "use") as used:
        fcntl.flock(used, fcntl.LOCK_SH)
        if (found := _facts(target)) is not None:
            new, way = found
            tell(f"the environment that is kept for this lock, built by: {way}")
            with contextlib.suppress(OSError):
                os.utime(_facts_path(target))
            yield as_built(workspace, recipe, new, way)
            return
        fcntl.flock(used, fcntl.LOCK_UN)
        with _lock(target, "build") as building:
            fcntl.flock(building, fcntl.LOCK_EX)
            built = _made(workspace, recipe, options, target, tell)
            if built.way == BEST_EFFORT:  # made of what the index has today
                yield built
                discard(target)
                return
            fcntl.flock(used, fcntl.LOCK_SH)
        yield built


def _made(
    workspace: Workspace, recipe: Recipe, options: BuildOptions, target: Path, tell: Callable[[str], None]
) -> Built:
    """Build an environment, unless somebody has while we waited."""
    found = _facts(target)
    if found is None:
        built = rebuild(workspace, recipe, options=options, tell=tell, target=target)
        if built.way != BEST_EFFORT:
            _write_facts(target, built)
        return built
    tell(f"the environment that is kept for this lock, built by: {found[1]}")
    return as_built(workspace, recipe, *found)


def kept_environments(folder: Path) -> list[Kept]:
    """Return what is kept in a folder, the longest unused first."""
    found = []
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):
            found.append(Kept(path.with_suffix(""), _size(path.with_suffix("")), path.stat().st_mtime))
    return sorted(found, key=lambda each: each.used)


def evict(folder: Path, *, days: float, remove: bool = True) -> list[Kept]:
    """Remove environments that nobody has used for so many days; return them. One in use stays."""
    going = []
    for each in kept_environments(folder):
        if time.time() - each.used < days * _DAY_S or fcntl is None:
            continue
        with _lock(each.folder, "build") as building, _lock(each.folder, "use") as used:
            try:
                fcntl.flock(building, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(used, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            going.append(each)
            if remove:
                _facts_path(each.folder).unlink(missing_ok=True)
                discard(each.folder)
    return going


@contextlib.contextmanager
def _lock(target: Path, purpose: str) -> Iterator[int]:
    """Open a lock's file, which stays: removing it would let two hold it at once."""
    handle = os.open(target.with_suffix(f".{purpose}"), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield handle
    finally:
        os.close(handle)


def _digest(workspace: Workspace, recipe: Recipe, options: BuildOptions) -> str:
    """Name an environment by all that decides what is in it."""
    digest = hashlib.sha256()
    for top in ("env", "wheels"):
        for path in sorted((workspace.locked / top).rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(workspace.locked)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    facts = (
        recipe.python,
        options.python,
        platform.system(),
        platform.machine(),
        platform.libc_ver(),
        bool(find_uv()),
    )
    digest.update(repr(facts).encode())
    return digest.hexdigest()[:32]


def _facts_path(target: Path) -> Path:
    return target.with_suffix(".json")


def _facts(target: Path) -> tuple[New, str] | None:
    """Return the environment if it was finished."""
    try:
        found = json.loads(_facts_path(target).read_text(encoding="utf-8"))
        folders = (tuple(map(str, found[name])) for name in ("site", "programs"))
        new = New(Path(found["interpreter"]), str(found["version"]), *folders)
        way = str(found["way"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (new, way) if new.interpreter.exists() else None


def _write_facts(target: Path, built: Built) -> None:
    new = built.new
    facts = {**dataclasses.asdict(new), "interpreter": str(new.interpreter), "way": built.way}
    temp = target.with_suffix(".new")
    temp.write_text(json.dumps(facts), encoding="utf-8")
    temp.replace(_facts_path(target))


def _size(folder: Path) -> int:
    size = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118 - many files
    return size
