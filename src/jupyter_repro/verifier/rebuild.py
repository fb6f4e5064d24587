"""Rebuilding the locked environment: with uv where it is, else with venv and pip.

The ways are tried in this order, and the one that worked is told: ``pylock.toml`` as it is; the same packages
by name and hash from the reader's own index; pip with hashes. Nothing is resolved anew, nothing is built.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .devices import device_differences
from .errors import BuildFailed
from .installed import installed_records
from .locked import compare_with_locked
from .workspace import module_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .recipe import Recipe
    from .workspace import Workspace

__all__ = ["BuildOptions", "Built", "find_uv", "platform_differences", "rebuild"]

_LAST_LINES = 6


@dataclasses.dataclass(frozen=True)
class BuildOptions:
    """What the reader says about the environment."""

    python: str | None = None
    """Interpreter to use; None takes the author's version."""
    index_url: str | None = None
    find_links: tuple[str, ...] = ()
    offline: bool = False


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
    notes: list[str]

    @property
    def minor(self) -> str:
        return ".".join(self.wanted.split(".")[:2])


@dataclasses.dataclass(frozen=True)
class _New:
    """An environment without packages."""

    interpreter: Path
    version: str
    site: tuple[str, ...]
    """Folders that packages are installed into."""


@dataclasses.dataclass(frozen=True)
class Built:
    """The environment, and how far it is the author's."""

    python: Path
    way: str
    python_version: str
    notes: tuple[str, ...]
    """What differs without changing the packages: another patch release of Python, another platform."""
    versions_differ: tuple[str, ...]
    """Packages whose version is not the locked one, or that are missing or extra."""
    bytes_differ: tuple[str, ...]
    """Packages of the locked version whose installed bytes are others."""

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
    tell: Callable[[str], None] = lambda _line: None,
) -> Built:
    """Build the environment of an unpacked bundle.

    Args:
        workspace: Where the bundle has been unpacked.
        recipe: The bundle's recipe.
        options: What the reader says.
        tell: Called with each way that is tried.

    Raises:
        BuildFailed: With the last lines of the tool that failed.
    """
    job = _Job(
        folder=workspace.locked,
        target=workspace.environment,
        wanted=recipe.python.get("version", ""),
        tools=workspace.tools,
        options=options or BuildOptions(),
        notes=platform_differences(recipe),
    )
    uv = find_uv()
    if uv:
        new = _uv_venv(uv, job)
        way = _uv_install(uv, job, new.interpreter, tell)
    else:
        new = _plain_venv(job)
        way = _pip_install(job, new.interpreter, tell)
    own = frozenset() if uv else frozenset(("pip", "setuptools"))
    # read from here: from now on the interpreter runs the bundle's packages, and is not asked outside the sandbox
    versions, content = compare_with_locked(job.folder, installed_records(new.site), own=own)
    return Built(new.interpreter, way, new.version, tuple(job.notes), versions, content)


def platform_differences(recipe: Recipe) -> list[str]:
    """Return what is another on this machine than on the author's."""
    here = {"system": platform.system(), "machine": platform.machine()}
    differing = [
        f"the {name} is {here[name]}, the author's was {recipe.platform[name]}"
        for name in here
        if recipe.platform.get(name) not in (None, here[name])
    ]
    return [*differing, *device_differences(recipe.author)]


def _uv_venv(uv: list[str], job: _Job) -> _New:
    tries = [job.options.python] if job.options.python else [job.wanted, job.minor]
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
        done = _run([*uv, *arguments, *(["--offline"] if job.options.offline else [])])
        if done.returncode == 0:
            return _new(job)
        said = said or _last_lines(done)
    raise BuildFailed(
        f"no Python {job.minor} could be set up: {said}",
        remedy=f"install Python {job.minor}, or name one with --python",
    )


def _uv_install(uv: list[str], job: _Job, interpreter: Path, tell: Callable[[str], None]) -> str:
    options = ["--python", str(interpreter), "--quiet", *_index_arguments(job.options)]
    sync = [*uv, "pip", "sync", "--no-build", *options]
    ways = [
        ("uv with pylock.toml", [*sync, "pylock.toml"], job.folder / "env"),
        (
            "uv with the reader's index",
            [
                *sync,
                "--require-hashes",
                *_vendored(job.folder),
                str(job.folder / "env/requirements.lock.txt"),
            ],
            job.folder,
        ),
    ]
    said = []
    for way, command, cwd in ways:
        tell(way)
        done = _run(command, cwd=cwd)
        if done.returncode == 0:
            return way
        said.append(f"{way}: {_last_lines(done)}")
    raise BuildFailed(
        "the environment could not be rebuilt: " + " / ".join(said),
        remedy="check the network, or name your package index with --index-url or --find-links",
    )


def _plain_venv(job: _Job) -> _New:
    interpreter = job.options.python or shutil.which(f"python{job.minor}") or sys.executable
    done = _run([interpreter, "-m", "venv", "--clear", str(job.target)])
    if done.returncode != 0:
        raise BuildFailed(
            f"no environment could be made: {_last_lines(done)}", remedy="install uv, then run it again"
        )
    new = _new(job)
    if not new.version.startswith(f"{job.minor}.") and not job.options.python:
        raise BuildFailed(
            f"this is Python {new.version}, the bundle needs {job.minor}",
            remedy=f"install uv or Python {job.minor}",
        )
    return new


def _pip_install(job: _Job, interpreter: Path, tell: Callable[[str], None]) -> str:
    way = "venv and pip with hashes"
    tell(way)
    command = [
        str(interpreter),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    command += ["--require-hashes", "--only-binary", ":all:", *_vendored(job.folder)]
    if job.options.index_url:
        command += ["--index-url", job.options.index_url]
    for place in job.options.find_links:
        command += ["--find-links", place]
    if job.options.offline:
        command.append("--no-index")
    done = _run([*command, "-r", str(job.folder / "env/requirements.lock.txt")])
    if done.returncode != 0:
        raise BuildFailed(
            f"the environment could not be rebuilt: {_last_lines(done)}",
            remedy="check the network, or name your package index with --index-url or --find-links",
        )
    return way


def _vendored(folder: Path) -> list[str]:
    """Return the option that names the bundle's own wheels; uv refuses a folder that is not there."""
    wheels = folder / "wheels"
    return ["--find-links", str(wheels)] if wheels.is_dir() else []


def _index_arguments(index: BuildOptions) -> list[str]:
    arguments = [] if index.index_url is None else ["--default-index", index.index_url]
    for place in index.find_links:
        arguments += ["--find-links", place]
    return [*arguments, *(["--offline"] if index.offline else [])]


def _python_of(target: Path) -> Path:
    return target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _new(job: _Job) -> _New:
    """Ask the interpreter of an environment that is still empty."""
    interpreter = _python_of(job.target)
    done = _run(module_command(interpreter, "installed_main"), cwd=job.tools)
    if done.returncode != 0:
        raise BuildFailed(
            f"the new environment does not work: {_last_lines(done)}", remedy="install uv, then run it again"
        )
    found: dict[str, Any] = json.loads(done.stdout)
    if found["python"] != job.wanted:
        job.notes.append(f"Python {job.wanted} is not used, but {found['python']}")
    return _New(interpreter, found["python"], tuple(found["site"]))


def _run(command: Sequence[str], *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    }
    try:
        return subprocess.run(
            command, cwd=cwd, env=environ, capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        return subprocess.CompletedProcess(list(command), 127, "", f"{command[0]}: {error.strerror}")


def _last_lines(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return " ".join(lines[-_LAST_LINES:]) or f"exit status {done.returncode}"
