"""Installed distributions, as an import would find them."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Package
from jupyter_repro.records.packages import Source

from .package_indexes import index_of
from .places import folder_of, told_url
from .revision import revision_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["distributions", "installed_packages", "requirements_of"]

_INFO = (".dist-info", ".egg-info")
_SPELLED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-([^-]+)\.dist-info")
_HEAD = 1 << 13
"""Name and version come first; what follows may be a whole manual."""
_NAME = re.compile(r"^Name:[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)
_VERSION = re.compile(r"^Version:[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)

_REQUIRES = re.compile(r"^Requires-Dist:[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)


def installed_packages(path: Sequence[str] | None = None) -> tuple[Package, ...]:
    """Return the distributions on the path by name; of two with one name, the first on the path.

    Args:
        path: Folders to look in, in order; None takes ``sys.path``.
    """
    found = distributions(path)
    return tuple(_package(name, version, each) for name, (version, each) in sorted(found.items()))


def distributions(
    path: Sequence[str] | None = None,
) -> dict[str, tuple[str, metadata.Distribution]]:
    """Return version and distribution by normalised name, the first on the path of each.

    Found in folders, as installers leave them; packages inside an archive on the path are not told.
    """
    found: dict[str, tuple[str, metadata.Distribution]] = {}
    for folder in sys.path if path is None else path:
        for entry in _listed(folder):
            if entry.endswith(_INFO) and not entry.startswith("~"):
                each = metadata.Distribution.at(os.path.join(folder, entry))  # noqa: PTH118 - plain strings are quicker
                named = _name_and_version(os.path.join(folder, entry), each)  # noqa: PTH118 - as above
                if named is not None:
                    found.setdefault(named[0], (named[1], each))
    return found


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder or "."))  # noqa: PTH208 - as above
    except OSError:
        return []


def _name_and_version(path: str, distribution: metadata.Distribution) -> tuple[str, str] | None:
    """Return the name and version of one distribution, None if the remains on disk have no name.

    The folder is named after both, as the standard for installed packages says; only where it is not, its
    metadata are read.
    """
    spelled = _SPELLED.fullmatch(os.path.basename(path))  # noqa: PTH119 - as above
    if spelled and os.path.isfile(os.path.join(path, "METADATA")):  # noqa: PTH113, PTH118 - as above
        return _normalised(spelled[1]), spelled[2]
    try:
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO")
        text = text or distribution.read_text("")  # an egg-info that is a file
    except (OSError, UnicodeDecodeError, KeyError):
        return None
    head = (text or "")[:_HEAD].replace("\r\n", "\n").partition("\n\n")[0]
    name, version = _NAME.search(head), _VERSION.search(head)
    if name is None:
        return None
    return _normalised(name[1]), version[1] if version else "unknown"


def requirements_of(distribution: metadata.Distribution) -> tuple[str, ...]:
    """Return what a distribution requires, as it spells it."""
    try:
        text = distribution.read_text("METADATA")
    except (OSError, UnicodeDecodeError):
        return ()
    if text is None:
        return tuple(distribution.requires or ())  # an egg keeps them in a file of their own
    return tuple(_REQUIRES.findall(text.replace("\r\n", "\n").partition("\n\n")[0]))


def _normalised(name: str) -> str:
    """Spell a name as PEP 503 says."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(name: str, version: str, distribution: metadata.Distribution) -> Package:
    try:
        text = distribution.read_text("direct_url.json")
    except (OSError, UnicodeDecodeError):
        return Package(name=name, version=version, origin="unknown")
    if not text:
        return Package(name=name, version=version, index=index_of(name, version) if "+" in version else "")
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        return Package(name=name, version=version, origin="unknown")
    return Package(name=name, version=version, origin=_origin(fields), source=_source(fields))


def _origin(fields: dict[str, Any]) -> str:
    if isinstance(fields.get("dir_info"), dict):
        return "editable" if fields["dir_info"].get("editable") is True else "directory"
    if "vcs_info" in fields:
        return "vcs"
    return "archive" if "archive_info" in fields else "unknown"


def _source(fields: dict[str, Any]) -> Source:
    url = str(fields.get("url", ""))
    told = told_url(url)
    note = "" if told else "its address is not one that others can use, and is left out"
    info = fields.get("vcs_info")
    if isinstance(info, dict):
        commit, requested = str(info.get("commit_id", "")), str(info.get("requested_revision") or "")
        return Source(url=told, commit=commit, requested=requested, note=note)
    folder = folder_of(url) if isinstance(fields.get("dir_info"), dict) else None
    if folder is None:
        return Source(url=told, note=note)
    revision = revision_of(folder)
    if isinstance(revision, str):
        return Source(url=told, note=revision)
    return Source(url=told, commit=revision.commit, requested=revision.branch, dirty=revision.dirty)
