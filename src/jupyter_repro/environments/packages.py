"""Installed distributions, as an import would find them."""

from __future__ import annotations

import json
import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Package
from jupyter_repro.records.packages import Source

from .places import folder_of, told_url
from .revision import revision_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["distributions", "installed_packages", "requirements_of"]

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
    """Return version and distribution by normalised name, the first on the path of each."""
    found: dict[str, tuple[str, metadata.Distribution]] = {}
    for each in metadata.distributions() if path is None else metadata.distributions(path=list(path)):
        named = _name_and_version(each)
        if named is not None:
            found.setdefault(named[0], (named[1], each))
    return found


def _name_and_version(distribution: metadata.Distribution) -> tuple[str, str] | None:
    """Return the name and version of one distribution, None if the remains on disk have no name.

    Read from the head of its metadata: a parser of e-mails, as the standard library uses, takes ten times as long.
    """
    try:
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO")
        text = text or distribution.read_text("")  # an egg-info that is a file
    except (OSError, UnicodeDecodeError, KeyError):
        return None
    head = (text or "").replace("\r\n", "\n").partition("\n\n")[0]
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
        return Package(name=name, version=version)
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
