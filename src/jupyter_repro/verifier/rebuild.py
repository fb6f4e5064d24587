"""Rebuilding the locked environment: an empty one of the author's Python, filled by one of :mod:`.ways`.

With uv where it is, else with venv and pip. What is installed is then held against the author's, byte by byte.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import platform
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .devices import device_differences
from .errors import BuildFailed, BundleRejected
from .installed import installed_records
from .locked import compare_with_locked
from .prefixes import prefixes
from .ways import WITH_PIP, BuildOptions, install_with_pip, install_with_uv, last_lines, run_tool
from .workspace import module_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .recipe import Recipe
    from .workspace import Workspace

__all__ = ["BuildOptions", "Built", "New", "as_built", "find_uv", "platform_differences", "rebuild"]


@dataclasses.dataclass(frozen=True)
class _Job:
    """One environment to build."""

    folder: Path
    """Where ``env/`` and ``wheels/`` have been extracted."""
    target: Path
    wanted: str
    """The author's version of Python."""
    tools: Path
    options: BuildOptions

    @property
    def minor(self) -> str:
        return ".".join(self.wanted.split(".")[:2])


@dataclasses.dataclass(frozen=True)
class New:
    """An environment without packages."""

    interpreter: Path
    version: str
    site: tuple[str, ...]
    """Folders that packages are installed into."""
    programs: tuple[str, ...] = ()
    """Folders of the interpreter's own files; found before any package could say where they lie."""


@dataclasses.dataclass(frozen=True)
class Built:
    """The environment, and how far it is the author's."""

    new: New
    way: str
    notes: tuple[str, ...]
    """What differs without changing the packages: another patch release of Python, another platform."""
    versions_differ: tuple[str, ...]
    """Packages whose version is not the locked one, or that are missing or extra."""
    bytes_differ: tuple[str, ...]
    """Packages of the locked version whose installed bytes are others."""
    elsewhere: bool = False
    """System or processor are not the author's: whatever is found, it is not found in the author's environment."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.new.interpreter

    @property
    def python_version(self) -> str:
        """The version of it."""
        return self.new.version

    @property
    def folder(self) -> Path:
        """The virtual environment."""
        return self.python.parent.parent


def changed_packages(built: Built) -> list[str]:
    """Return the names of the packages that are not as the author had them."""
    return [*(sentence.partition(" ")[0] for sentence in built.versions_differ), *built.bytes_differ]


def find_uv(environ: Mapping[str, str] | None = None) -> list[str] | None:
    """Return the command of uv: the one that runs us, one on PATH, or the module of this Python."""
    environ = os.environ if environ is None else environ
    told = environ.get("UV")
    if told and Path(told).is_file():
        return [told]
    beside = Path(sys.executable).with_name("uv")
    found = shutil.which("uv") or (str(beside) if beside.is_file() else None)
    if found is None and importlib.util.find_spec("uv") is not None:
        return [sys.executable, "-m", "uv"]
    return [found] if found else None


def rebuild(
    workspace: Workspace,
    recipe: Recipe,
    *,
    options: BuildOptions | None = None,
    target: Path | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Built:
    """Build the environment of an unpacked bundle.

    Args:
        workspace: Where the bundle has been unpacked.
        recipe: The bundle's recipe.
        options: What the reader says.
        target: Where the environment is to lie; None takes the workspace's own place.
        tell: Called with each way that is tried.

    Raises:
        BuildFailed: With the last lines of the tool that failed.
    """
    job = _Job(
        folder=workspace.locked,
        target=target or workspace.environment,
        wanted=_version(recipe),
        tools=workspace.tools,
        options=options or BuildOptions(),
    )
    uv = find_uv()
    if uv:
        new = _uv_venv(uv, job)
        elsewhere = bool(platform_differences(recipe))
        way = install_with_uv(
            uv, job.folder, new.interpreter, options=job.options, elsewhere=elsewhere, tell=tell
        )
    else:
        new = _plain_venv(job)
        way = install_with_pip(job.folder, new.interpreter, options=job.options, tell=tell)
    return as_built(workspace, recipe, new, way)


def as_built(workspace: Workspace, recipe: Recipe, new: New, way: str) -> Built:
    """Hold what an environment has installed against what the author had.

    It is read from here: from now on its interpreter runs the bundle's packages, and is not asked outside the sandbox.
    """
    wanted = _version(recipe)
    elsewhere = platform_differences(recipe)
    notes = [*elsewhere, *device_differences(recipe.author)]
    if new.version != wanted:
        notes.append(f"Python {wanted} is not used, but {new.version}")
    own = frozenset(("pip", "setuptools")) if way == WITH_PIP else frozenset[str]()
    versions, content = compare_with_locked(workspace.locked, installed_records(new.site), own=own)
    return Built(new, way, tuple(notes), versions, content, bool(elsewhere))


def platform_differences(recipe: Recipe) -> list[str]:
    """Return how system and processor differ from the author's."""
    here = {"system": platform.system(), "machine": platform.machine()}
    return [
        f"the {name} is {here[name]}, the author's was {recipe.platform[name]}"
        for name in here
        if recipe.platform.get(name) not in (None, here[name])
    ]


def _version(recipe: Recipe) -> str:
    """Return the author's version of Python: a number, so that no tool takes it for a path or an option.

    Raises:
        BundleRejected: It is no version.
    """
    version = recipe.python.get("version", "")
    if not re.fullmatch(r"[0-9]+\.[0-9]+[0-9A-Za-z.+-]*", version):
        raise BundleRejected("recipe", "the recipe names no version of Python")
    return version


def _uv_venv(uv: list[str], job: _Job) -> New:
    tries = [job.options.python] if job.options.python else [job.wanted, _own(job), job.minor]
    said = ""
    for request in dict.fromkeys(t for t in tries if t):
        arguments = [
            "venv",
            "--no-config",
            "--no-project",
            "--clear",
            "--quiet",
            "--python",
            request,
            str(job.target),
        ]
        done = run_tool([*uv, *arguments, *(["--offline"] if job.options.offline else [])])
        if done.returncode == 0:
            return _new(job)
        said = said or last_lines(done)
    raise BuildFailed(
        f"no Python {job.minor} could be set up: {said}",
        remedy=f"install Python {job.minor}, or name one with --python",
    )


def _plain_venv(job: _Job) -> New:
    interpreter = job.options.python or _own(job) or shutil.which(f"python{job.minor}") or sys.executable
    done = run_tool([interpreter, "-m", "venv", "--clear", str(job.target)])
    if done.returncode != 0:
        raise BuildFailed(
            f"no environment could be made: {last_lines(done)}", remedy="install uv, then run it again"
        )
    new = _new(job)
    if not new.version.startswith(f"{job.minor}.") and not job.options.python:
        raise BuildFailed(
            f"this is Python {new.version}, the bundle needs {job.minor}",
            remedy=f"install uv or Python {job.minor}",
        )
    return new


def _own(job: _Job) -> str:
    """Return the interpreter that runs this, where it is the very version that is wanted: PATH may hold another."""
    return sys.executable if platform.python_version() == job.wanted else ""


def _python_of(target: Path) -> Path:
    return target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _new(job: _Job) -> New:
    """Ask the interpreter of an environment that is still empty."""
    interpreter = _python_of(job.target)
    done = run_tool(module_command(interpreter, "installed_main"), cwd=job.tools)
    if done.returncode != 0:
        raise BuildFailed(
            f"the new environment does not work: {last_lines(done)}", remedy="install uv, then run it again"
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return New(interpreter, found["python"], tuple(found["site"]), tuple(map(str, prefixes(interpreter))))
