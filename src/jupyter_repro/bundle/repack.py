"""An installed distribution made into a wheel again, from the files that its RECORD names."""

from __future__ import annotations

import configparser
import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_repro.errors import LockFailed

from .record import RecordRow, format_record
from .wheels import WheelFile, wheel_name, write_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dists import Distribution, Interpreter

__all__ = ["repack"]

_INSTALLER_FILES = frozenset({"INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"})
_REMADE = frozenset({"RECORD", "RECORD.jws", "RECORD.p7s"})
_SHELL_SHEBANG = re.compile(rb"\A#!/bin/sh\r?\n'''exec' .*?\r?\n' '''\r?\n", re.DOTALL)
_PYTHON_SHEBANG = re.compile(rb"\A#![^\n]*python[^\n]*\n", re.IGNORECASE)


def repack(dist: Distribution, interpreter: Interpreter, folder: Path) -> tuple[Path, str]:
    """Write the wheel that would install what is installed now.

    Scripts of entry points are left out, because every installer makes them anew; so are byte code and
    the installer's own notes. Files go in as they are now, edited or not.

    Returns:
        The wheel in ``folder``, and the RECORD that installing it will leave, for its digest.

    Raises:
        LockFailed: A file lies where no wheel can put one, or cannot be read.
    """
    dist.require_record()
    path = folder / wheel_name(dist.info.name.removesuffix(".dist-info"), dist.build, dist.tags)
    placed = dict(_placed(dist, interpreter))
    try:
        written = write_wheel(path, dist.info.name, placed.values())
    except OSError as error:
        raise LockFailed(
            f"`{dist.name} {dist.version}` cannot be packed into a wheel: {error}",
            remedy="make its files readable, or reinstall it",
        ) from error
    installed = {file.member: name for name, file in placed.items()}
    rows = (RecordRow(installed.get(row.path, row.path), row.hash, row.size) for row in written)
    return path, format_record(sorted(rows))


def _placed(dist: Distribution, interpreter: Interpreter) -> Iterator[tuple[str, WheelFile]]:
    entry_scripts = _entry_scripts(dist)
    for row in dist.rows:
        name = row.path.replace("\\", "/")
        if _left_out(name, dist.info.name):
            continue
        source = Path(os.path.normpath(dist.site / name))
        if not source.is_file():
            continue  # gone since it was installed: the edit check names it
        file = _placed_file(name, source, dist, interpreter, entry_scripts)
        if file is not None:
            yield name, file


def _left_out(name: str, info: str) -> bool:
    path = PurePosixPath(name)
    if path.parts[0] == info and len(path.parts) == 2:  # noqa: PLR2004 - the folder and the file in it
        return path.name in _INSTALLER_FILES | _REMADE
    return "__pycache__" in path.parts and path.suffix == ".pyc"


def _placed_file(
    name: str, source: Path, dist: Distribution, interpreter: Interpreter, entry_scripts: frozenset[str]
) -> WheelFile | None:
    executable = os.access(source, os.X_OK)
    if not name.startswith(("../", "/")) and not Path(name).is_absolute():
        return WheelFile(member=name, source=source, executable=executable)
    stem = dist.info.name.removesuffix(".dist-info")
    if source.parent == Path(os.path.normpath(interpreter.scripts)):
        if source.name in entry_scripts:
            return None
        return WheelFile(member=f"{stem}.data/scripts/{source.name}", source=_script(source), executable=True)
    try:
        inside = source.relative_to(os.path.normpath(interpreter.prefix)).as_posix()
    except ValueError as error:
        raise LockFailed(
            f"`{dist.name} {dist.version}` has a file outside its environment (`{name}`), "
            "where no wheel can put one",
            remedy="install a release that an index offers as a wheel",
        ) from error
    return WheelFile(member=f"{stem}.data/data/{inside}", source=source, executable=executable)


def _entry_scripts(dist: Distribution) -> frozenset[str]:
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    try:
        parser.read(dist.info / "entry_points.txt", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise LockFailed(
            f"`{dist.name} {dist.version}` has a damaged entry_points.txt", remedy="reinstall it"
        ) from error
    names: set[str] = set()
    for section in ("console_scripts", "gui_scripts"):
        if parser.has_section(section):
            for name in parser.options(section):
                names |= {name, f"{name}.exe", f"{name}-script.py", f"{name}-script.pyw"}
    return frozenset(names)


def _script(source: Path) -> bytes:
    """Return a script with the placeholder that installers replace by their own Python."""
    raw = source.read_bytes()
    trampoline = _SHELL_SHEBANG.match(raw)
    if trampoline and b"python" in trampoline.group():
        return b"#!python\n" + raw[trampoline.end() :]
    return _PYTHON_SHEBANG.sub(b"#!python\n", raw, count=1)
