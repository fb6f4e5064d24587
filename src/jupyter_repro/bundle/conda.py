"""What conda has installed, as an explicit list, where the environment is one of conda's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_repro.canonical import dumps

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CONDA_FILES", "write_conda"]

CONDA_FILES = ("conda-explicit.txt", "environment.yml")

_ANACONDA = {"main", "r", "msys2"}
"""Channels that Anaconda serves from a host of its own."""


def write_conda(prefix: Path, out: Path) -> bool:
    """Write ``conda-explicit.txt`` and ``environment.yml``, if the environment is one of conda's.

    Addresses are those of the public channels, whichever mirror was used; a package from elsewhere is a comment.

    Args:
        prefix: The environment.
        out: Where to write.
    """
    packages = [_package(path) for path in sorted((prefix / "conda-meta").glob("*.json"))]
    packages = [package for package in packages if package]
    if not packages:
        return False
    explicit = ["# conda create --name NAME --file conda-explicit.txt", "@EXPLICIT"]
    explicit += [_line(package) for package in packages]
    (out / CONDA_FILES[0]).write_text("\n".join(explicit) + "\n", encoding="utf-8")
    channels = sorted({channel for package in packages if (channel := _channel(package))})
    names = [f"{each['name']}={each['version']}={each['build']}" for each in packages]
    lines = ["channels:", *(f"  - {each}" for each in channels), "dependencies:"]
    lines += [f"  - {dumps(each).decode()}" for each in sorted(names)]
    (out / CONDA_FILES[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return True


def _package(path: Path) -> dict[str, Any]:
    """Return the record of one package, empty if it is none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    needed = ("name", "version", "build", "fn", "subdir")
    whole = isinstance(found, dict) and all(isinstance(found.get(key), str) for key in needed)
    return found if whole else {}


def _line(package: dict[str, Any]) -> str:
    channel = _channel(package)
    if not channel:
        return f"# {package['name']} {package['version']} {package['build']}: its channel is not public"
    base = (
        f"https://repo.anaconda.com/pkgs/{channel}"
        if channel in _ANACONDA
        else f"https://conda.anaconda.org/{channel}"
    )
    md5 = f"#{package['md5']}" if isinstance(package.get("md5"), str) else ""
    return f"{base}/{package['subdir']}/{package['fn']}{md5}"


def _channel(package: dict[str, Any]) -> str:
    """Return the name of the public channel, empty for a folder or a host of the author's own.

    A mirror keeps the channel's name as the last part of its path: ``https://mirror/conda-forge/linux-64``.
    """
    parts = urlsplit(str(package.get("channel") or package.get("url") or ""))
    names = [part for part in parts.path.split("/") if part]
    if parts.scheme not in {"https", "http", ""} or (not parts.scheme and len(names) != 1):
        return ""
    if names and names[-1] == package["fn"]:
        names.pop()
    if names and names[-1] == package["subdir"]:
        names.pop()
    name = names[-1] if names else ""
    return name if name in _PUBLIC else ""


_PUBLIC = {*_ANACONDA, "bioconda", "conda-forge", "nvidia", "pytorch", "rapidsai"}
