"""What is really installed: a digest of each distribution's RECORD.

Two installations with equal digests hold the same bytes, whichever installer and mirror they came through.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["imported_as", "installed_records", "normal_name", "record_digest"]

_LEFT_OUT = frozenset(
    (
        "INSTALLER",
        "REQUESTED",
        "direct_url.json",
        "uv_cache.json",
        "uv_build.json",
        "RECORD",
        "RECORD.jws",
        "RECORD.p7s",
    )
)
"""Files of the dist-info folder that installers write on their own account."""


def normal_name(name: str) -> str:
    """Return the name of a distribution as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def record_digest(record_text: str) -> str:
    """Return the SHA-256 over the sorted (path, hash) pairs of a RECORD.

    Left out are files that installers make: their notes in dist-info, byte code, and scripts outside the
    site folder.
    """
    rows = []
    for row in csv.reader(record_text.splitlines()):
        if len(row) < 2:  # noqa: PLR2004 - path and hash
            continue
        path, digest = row[0], row[1]
        parts = path.split("/")
        own = len(parts) > 1 and parts[-2].endswith(".dist-info") and parts[-1] in _LEFT_OUT
        if own or path.endswith(".pyc") or ".." in parts or path.startswith("/"):
            continue
        rows.append(f"{path},{digest}")
    return hashlib.sha256("\n".join(sorted(rows)).encode("utf-8", "surrogateescape")).hexdigest()


def imported_as(name: str) -> list[str]:
    """Return the modules at the top that an installed distribution brings; empty if there is no such."""
    try:
        files = metadata.files(name) or ()
    except metadata.PackageNotFoundError:
        return []
    tops = {file.parts[0] for file in files if file.suffix in (".py", ".so", ".pyd")}
    return sorted(
        top.partition(".")[0] for top in tops if top != ".." and not top.endswith((".dist-info", ".libs"))
    )


def installed_records(site: Iterable[str] | None = None) -> dict[str, dict[str, str]]:
    """Return name -> {version, sha256 of RECORD} of the distributions on a path, the first one of a name.

    ``sha256`` is empty where a distribution has no RECORD (a system package).
    """
    found: dict[str, dict[str, str]] = {}
    for dist in metadata.distributions(path=list(sys.path if site is None else site)):
        name = (dist.metadata.get_all("Name") or [""])[0]
        if not name or normal_name(name) in found:
            continue
        record = dist.read_text("RECORD")
        found[normal_name(name)] = {
            "version": dist.version,
            "sha256": record_digest(record) if record else "",
        }
    return found
