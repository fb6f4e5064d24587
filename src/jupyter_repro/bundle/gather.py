"""The files that a bundle carries beside the notebook, from what the canonical run used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import BadWord
from jupyter_repro.inputs.collect import collect_inputs
from jupyter_repro.inputs.root import git_root, project_root
from jupyter_repro.records import InputFile  # noqa: TC001 - msgspec resolves the field types at run time

from .build import source_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .canonical import Trace
    from .dists import Interpreter
    from .lock import Locked

__all__ = ["Fetched", "Gathered", "gather"]

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_NEVER_PACKED = frozenset({".git", ".hg", ".svn", ".ssh"})
"""Folders that no reader unpacks: writing there could run code."""
_ABSENT = "there is no such file"


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A file that readers fetch."""

    file: InputFile
    url: str
    """Empty: nobody has said where it is."""


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What is packed, what is not, and why."""

    root: Path
    """The folder that packed paths are relative to."""
    packed: tuple[InputFile, ...]
    external: tuple[InputFile, ...]
    """Used by the run but not packed; absolute paths."""
    kept_out: tuple[InputFile, ...]
    """Below the root, but in a folder that no reader unpacks."""
    unreadable: tuple[tuple[str, str], ...]
    """Path and reason."""
    links: tuple[tuple[str, str], ...]
    """Packed links and their targets outside the root."""
    rewritten: tuple[str, ...]
    """Inputs that the run itself changed after reading them."""
    fetched: tuple[Fetched, ...] = ()
    """Files of the project that go by address."""


def gather(
    notebook: Path,
    trace: Trace,
    *,
    interpreter: Interpreter,
    locked: Locked,
    include: Sequence[str] = (),
) -> Gathered:
    """Return the data and source files that a reader needs, as they are now.

    Args:
        notebook: Its file.
        trace: What the run used.
        interpreter: Whose files the lock covers.
        locked: The wheels that bring files of their own.
        include: More files, relative to the notebook's folder.

    Raises:
        BadWord: One of ``include`` is not there, or lies outside the project.
    """
    here = Path(os.path.abspath(notebook))  # noqa: PTH100 - links stay as the user spells them
    top = git_root(here.parent) or here.parent
    wheels = _provided(interpreter, locked)
    modules = [
        Path(file)
        for file in trace.modules
        if Path(file).is_relative_to(top) and not _installed(file, interpreter) and file not in wheels
    ]
    used = [file for file in trace.read if not _installed(file, interpreter) and file not in wheels]
    used = [file for file in used if os.path.realpath(file) != os.path.realpath(here)]
    used += [_included(here.parent, name) for name in include]
    root = project_root(here, [*used, *map(str, modules)])
    found = collect_inputs(used, trace.products, modules, root=root)
    packed = tuple(file for file in found.inside if not _NEVER_PACKED & set(Path(file.path).parts))
    kept_out = tuple(file for file in found.inside if _NEVER_PACKED & set(Path(file.path).parts))
    return Gathered(
        root=root,
        packed=packed,
        external=found.outside,
        kept_out=kept_out,
        unreadable=tuple(each for each in found.unreadable if each[1] != _ABSENT),
        links=found.links,
        rewritten=_rewritten(packed, trace.written, root),
    )


def _included(folder: Path, name: str) -> str:
    path = os.path.normpath(folder / name)
    if not os.path.isfile(path):  # noqa: PTH113 - must not raise on odd names
        raise BadWord(
            f"`{name}` is to be included, and there is no such file",
            remedy="name it from the notebook's folder",
        )
    return path


def _installed(file: str, interpreter: Interpreter) -> bool:
    """Whether a file belongs to the environment, which the lock covers."""
    path = Path(file)
    return bool(_INSTALLED & set(path.parts)) or any(
        path.is_relative_to(lib) for lib in interpreter.libraries
    )


def _provided(interpreter: Interpreter, locked: Locked) -> frozenset[str]:
    """Return the source files that the wheels of editable installs bring to the reader."""
    files: set[str] = set()
    for each in locked.vendored:
        dist = interpreter.find(each.name)
        if dist is None or dist.origin != "editable":
            continue
        folder = source_folder(dist)
        names = {tuple(name.split("/")) for name in each.files}
        for base in (folder, *(folder / part for part in _source_folders(dist.site, folder))):
            files |= {str(base.joinpath(*name)) for name in names}
    return frozenset(files)


def _source_folders(site: Path, folder: Path) -> Iterable[str]:
    """Yield where below the project an editable install keeps its packages."""
    yield "src"
    yield "lib"
    for pth in sorted(site.glob("*.pth")):
        for line in pth.read_text(encoding="utf-8", errors="replace").splitlines():
            path = Path(line.strip())
            if line.strip() and path.is_absolute() and path.is_relative_to(folder):
                yield str(path.relative_to(folder))


def _rewritten(packed: Iterable[InputFile], written: Iterable[str], root: Path) -> tuple[str, ...]:
    real = {os.path.realpath(path) for path in written}
    return tuple(file.path for file in packed if os.path.realpath(root / file.path) in real)
