"""What the user's package index offers for the exact versions that are installed."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import msgspec
from packaging.tags import Tag  # noqa: TC002 - msgspec resolves the field types at run time
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from jupyter_repro.errors import LockFailed

from .uv_tool import UvFailed, run_uv

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .dists import Distribution

__all__ = ["Offer", "offers"]

_NOT_THERE = (
    re.compile(r"Because ([\w.-]+) was not found in the package registry"),
    re.compile(r"there (?:is|are) no (?:versions?) of ([\w.-]+)(?:\[[^]]*\])?==\S+"),
    re.compile(r"Because ([\w.-]+)==\S+ (?:has no|was yanked|is unusable|could not|cannot|needs|has an)"),
    re.compile(r"([\w.-]+) was not found in the (?:provided package locations|cache)"),
)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One wheel that an index offers."""

    file: str
    """The file's name."""
    url: str
    """Where the index has it; may name a mirror or a local path."""
    sha256: str
    tags: frozenset[Tag]
    build: str
    """The build number, empty for most."""


def offers(
    dists: Sequence[Distribution], *, python: str
) -> tuple[dict[str, tuple[Offer, ...]], dict[str, str]]:
    """Return the wheels offered for each distribution, and the ones not offered with the reason.

    Asks uv, which honours the user's own configuration, without resolving anything: every version is
    pinned. Names that uv cannot find are taken out one after the other.

    Raises:
        LockFailed: uv failed for another reason, such as an index that does not answer.
    """
    wanted = {dist.key: f"{dist.key}=={dist.version}" for dist in dists}
    absent: dict[str, str] = {}
    while True:
        found, gone = _try(wanted, python)
        if not gone:
            return found, absent
        for name in gone:
            absent[name] = f"no index offers {wanted.pop(name)}"


def _try(wanted: Mapping[str, str], python: str) -> tuple[dict[str, tuple[Offer, ...]], set[str]]:
    """Return the offers, or the names that stand in their way."""
    if not wanted:
        return {}, set()
    try:
        return _parse(_compile(wanted, python)), set()
    except UvFailed as error:
        gone = _named(error.message, wanted)
        if gone:
            return {}, gone
        raise LockFailed(
            f"uv could not look up the installed packages: {error.message}", remedy=error.remedy
        ) from error


def _compile(wanted: Mapping[str, str], python: str) -> str:
    options = ["--no-deps", "--no-header", "--no-annotate", "--format", "pylock.toml", "--quiet"]
    return run_uv(
        ["pip", "compile", *options, "--python", python, "-"],
        stdin="".join(f"{wanted[name]}\n" for name in sorted(wanted)),
    )


def _named(message: str, wanted: Mapping[str, str]) -> set[str]:
    found: set[str] = {canonicalize_name(name) for pattern in _NOT_THERE for name in pattern.findall(message)}
    return found & set(wanted)


def _parse(text: str) -> dict[str, tuple[Offer, ...]]:
    packages: list[dict[str, Any]] = tomllib.loads(text).get("packages", [])
    return {
        canonicalize_name(package["name"]): tuple(
            offer for wheel in package.get("wheels", []) if (offer := _offer(wheel)) is not None
        )
        for package in packages
    }


def _offer(wheel: Mapping[str, Any]) -> Offer | None:
    url = str(wheel.get("url") or wheel.get("path") or "")
    file = str(wheel.get("name") or unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
    sha256 = wheel.get("hashes", {}).get("sha256")
    try:
        _, _, build, tags = parse_wheel_filename(file)
    except InvalidWheelFilename:
        return None
    if not sha256:
        return None
    return Offer(file=file, url=url, sha256=sha256, tags=tags, build=f"{build[0]}{build[1]}" if build else "")
