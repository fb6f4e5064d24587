"""Installed distributions, as an import would find them."""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from jupyter_repro.records import Package

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["installed_packages"]


def installed_packages(path: Sequence[str] | None = None) -> tuple[Package, ...]:
    """Return the distributions on the path by name; of two with one name, the first on the path.

    Args:
        path: Folders to look in, in order; None takes ``sys.path``.
    """
    found: dict[str, Package] = {}
    for distribution in metadata.distributions() if path is None else metadata.distributions(path=list(path)):
        package = _package(distribution)
        if package is not None:
            found.setdefault(package.name, package)
    return tuple(found[name] for name in sorted(found))


def _package(distribution: metadata.Distribution) -> Package | None:
    """Return the record of one distribution, None if the remains on disk have no name."""
    try:
        fields = distribution.metadata
        # asking for a field that is not there warns since Python 3.12
        name, version = ((fields.get_all(key) or [""])[0] for key in ("Name", "Version"))
        source = distribution.read_text("direct_url.json")
    except (OSError, UnicodeDecodeError, KeyError, metadata.PackageNotFoundError):
        return None
    if not name:
        return None
    return Package(name=canonicalize_name(name), version=version or "unknown", origin=_origin(source))


def _origin(source: str | None) -> str:
    """Return the kind of the origin; its URL, which may hold credentials or a home folder, is not kept."""
    if not source:
        return "index"
    try:
        fields = json.loads(source)
    except ValueError:
        return "unknown"
    if not isinstance(fields, dict):
        return "unknown"
    if isinstance(fields.get("dir_info"), dict):
        return "editable" if fields["dir_info"].get("editable") is True else "directory"
    if "vcs_info" in fields:
        return "vcs"
    return "archive" if "archive_info" in fields else "unknown"
