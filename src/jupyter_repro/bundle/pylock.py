"""The lock as PEP 751 and as a requirements file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from .layout import WHEELS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LockedPackage", "pylock", "requirements"]


class LockedPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One distribution and the one wheel it comes from."""

    name: str
    """Normalised as PEP 503 says."""
    version: str
    file: str
    """Name of the wheel."""
    sha256: str
    url: str | None
    """Where anybody finds it; None: the bundle carries it."""
    index: str | None = None
    """The index that offers versions with this local label; None: the reader's own."""


def pylock(packages: Iterable[LockedPackage], *, python: str) -> str:
    """Return ``pylock.toml``: one wheel a package, for this Python's minor version alone."""
    minor = ".".join(python.split(".")[:2])
    lines = ['lock-version = "1.0"', 'created-by = "jupyter-repro"', f'requires-python = "=={minor}.*"']
    for package in sorted(packages, key=lambda package: package.name):
        where = (
            f"url = {_string(package.url)}"
            if package.url is not None
            else f"path = {_string(f'../{WHEELS}/{package.file}')}"
        )
        hashes = f'hashes = {{ sha256 = "{package.sha256}" }}'
        lines += [
            "",
            "[[packages]]",
            f"name = {_string(package.name)}",
            f"version = {_string(package.version)}",
            *([f"index = {_string(package.index)}"] if package.index else []),
            f"wheels = [{{ name = {_string(package.file)}, {where}, {hashes} }}]",
        ]
    return "\n".join(lines) + "\n"


def requirements(packages: Iterable[LockedPackage]) -> str:
    """Return ``requirements.lock.txt``: names, versions and hashes, for the reader's own index.

    It names no index, and readers accept none in it: an author could bring in packages by one. That of a local label is
    in ``pylock.toml``.
    """
    return "".join(
        f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n"
        for package in sorted(packages, key=lambda package: package.name)
    )


def _string(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text)
