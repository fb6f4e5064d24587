"""The ways to install what is locked, in order; nothing is resolved anew and nothing is built from source.

``pylock.toml`` as it is; the same packages by hash from the reader's own index; the bundle's own wheels without any
index; without uv, pip. On another system or processor than the author's, where those wheels do not fit, the same
versions without hashes are the last way, and the verdict says so.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
from typing import TYPE_CHECKING

from .errors import BuildFailed, BundleRejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "BEST_EFFORT",
    "WITH_PIP",
    "BuildOptions",
    "install_with_pip",
    "install_with_uv",
    "last_lines",
    "run_tool",
]

BEST_EFFORT = "the locked versions without hashes, as wheels of this platform"
WITH_PIP = "venv and pip with hashes"
_LAST_LINES = 6
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[A-Za-z0-9._, -]*\])?==(?P<version>[A-Za-z0-9.!+_-]+)"
    r"(\s*;[^\\#]*)?(\s+--hash=sha(256|384|512):[0-9a-f]+)*"
)
_OF_ONE_SYSTEM = re.compile(
    r"(nvidia-.*|triton|appnope|pywin32|pywinpty|colorama|intel-.*|tbb)", re.IGNORECASE
)
"""Packages that exist for some systems only: missing elsewhere, they are told as missing."""
_REMEDY = "check the network, or name your package index with --index-url or --find-links"


@dataclasses.dataclass(frozen=True)
class BuildOptions:
    """What the reader says about the environment."""

    python: str | None = None
    """Interpreter to use; None takes the author's version."""
    index_url: str | None = None
    find_links: tuple[str, ...] = ()
    offline: bool = False


def install_with_uv(  # noqa: PLR0913 - the tool, the places, and what the reader says
    uv: Sequence[str],
    folder: Path,
    interpreter: Path,
    *,
    options: BuildOptions,
    elsewhere: bool,
    tell: Callable[[str], None],
) -> str:
    """Install into an empty environment; return the way that worked.

    Args:
        uv: The command.
        folder: Where ``env/`` and ``wheels/`` of the bundle lie.
        interpreter: That of the environment.
        options: What the reader says.
        elsewhere: This is not the author's platform.
        tell: Called with each way that is tried.

    Raises:
        BuildFailed: None worked; with the last lines of each.
        BundleRejected: The list of packages holds something else.
    """
    requirements = list(_requirements(folder))
    said = []
    for way, command, cwd in _uv_ways([*uv, "pip"], folder, interpreter, options):
        tell(way)
        done = run_tool(command, cwd=cwd)
        if done.returncode == 0:
            return way
        said.append(f"{way}: {last_lines(done)}")
    if elsewhere:
        tell(BEST_EFFORT)
        names = folder / "versions.txt"
        names.write_text("".join(f"{row}\n" for row in _fitting(requirements)), encoding="utf-8")
        command = [
            *uv, "pip", "install", "--no-build", *_target(interpreter), *_index(options), *_vendored(folder), "-r", str(names),
        ]  # fmt: skip
        done = run_tool(command, cwd=folder)
        if done.returncode == 0:
            return BEST_EFFORT
        said.append(f"{BEST_EFFORT}: {last_lines(done)}")
    raise BuildFailed("the environment could not be rebuilt: " + " / ".join(said), remedy=_REMEDY)


def install_with_pip(
    folder: Path, interpreter: Path, *, options: BuildOptions, tell: Callable[[str], None]
) -> str:
    """Install into an empty environment that holds pip; return :data:`WITH_PIP`.

    Raises:
        BuildFailed: With pip's last lines.
        BundleRejected: The list of packages holds something else.
    """
    list(_requirements(folder))  # pip would build what an address names, so that no address may be in it
    tell(WITH_PIP)
    command = [
        str(interpreter),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    command += ["--require-hashes", "--only-binary", ":all:", *_vendored(folder)]
    if options.index_url:
        command += ["--index-url", options.index_url]
    for place in options.find_links:
        command += ["--find-links", place]
    if options.offline:
        command.append("--no-index")
    done = run_tool([*command, "-r", str(folder / "env/requirements.lock.txt")])
    if done.returncode != 0:
        raise BuildFailed(f"the environment could not be rebuilt: {last_lines(done)}", remedy=_REMEDY)
    return WITH_PIP


def run_tool(command: Sequence[str], *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run uv, pip or a fresh interpreter with the reader's variables, less those that lead to other packages."""
    left_out = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    try:
        return subprocess.run(
            command, cwd=cwd, env=environ, capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        return subprocess.CompletedProcess(list(command), 127, "", f"{command[0]}: {error.strerror}")


def last_lines(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a tool said last."""
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return " ".join(lines[-_LAST_LINES:]) or f"exit status {done.returncode}"


def _uv_ways(
    pip: Sequence[str], folder: Path, interpreter: Path, options: BuildOptions
) -> Iterator[tuple[str, list[str], Path]]:
    sync = [*pip, "sync", "--no-build", *_target(interpreter), *_cache(folder)]
    locked = str(folder / "env/requirements.lock.txt")
    yield "uv with pylock.toml", [*sync, *_index(options), "pylock.toml"], folder / "env"
    by_hash = [*sync, "--require-hashes", *_vendored(folder)]
    yield "uv with the reader's index", [*by_hash, *_index(options), locked], folder
    if (folder / "wheels").is_dir():
        yield "uv with the bundle's own wheels", [*by_hash, "--no-index", "--offline", locked], folder


def _requirements(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and version of each locked package.

    Raises:
        BundleRejected: A line is an address, an option or anything else that a tool would follow.
    """
    path = folder / "env/requirements.lock.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise BundleRejected("missing member", "the bundle has no `env/requirements.lock.txt`") from error
    for line in text.replace("\\\n", " ").splitlines():
        row = re.sub(r"(^|\s)#.*", "", line).strip()
        if not row:
            continue
        match = _REQUIREMENT.fullmatch(row)
        if match is None:
            raise BundleRejected(
                "requirements",
                f"`env/requirements.lock.txt` has a line that is no locked package: {row[:80]!a}",
            )
        yield match["name"], match["version"]


def _fitting(requirements: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the versions to ask for on another platform: local labels like ``+cu121`` name builds for one."""
    for name, version in requirements:
        if not _OF_ONE_SYSTEM.fullmatch(name):
            yield f"{name}=={version.partition('+')[0]}"


def _cache(folder: Path) -> list[str]:
    """Return the option that spares the reader's cache a bundle that carries most of its packages.

    uv knows a wheel of the bundle by the place it was unpacked to, which is another one every time: what it keeps
    of it is never found again.
    """
    locked = {_key(*each) for each in _requirements(folder)}
    carried = locked.intersection(_key(*wheel.name.split("-")[:2]) for wheel in folder.glob("wheels/*-*.whl"))
    return ["--cache-dir", str(folder / "uv-cache")] if 2 * len(carried) > len(locked) else []


def _key(name: str, version: str) -> tuple[str, str]:
    """Return a package's name as PEP 503 compares it, and its version."""
    return re.sub(r"[-_.]+", "-", name).lower(), version


def _target(interpreter: Path) -> list[str]:
    return ["--python", str(interpreter), "--quiet"]


def _vendored(folder: Path) -> list[str]:
    """Return the option that names the bundle's own wheels; uv refuses a folder that is not there."""
    wheels = folder / "wheels"
    return ["--find-links", str(wheels)] if wheels.is_dir() else []


def _index(options: BuildOptions) -> list[str]:
    arguments = [] if options.index_url is None else ["--default-index", options.index_url]
    for place in options.find_links:
        arguments += ["--find-links", place]
    return [*arguments, *(["--offline"] if options.offline else [])]
