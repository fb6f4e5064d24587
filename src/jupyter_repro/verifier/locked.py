"""What is installed, held against ``env/records.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .archive import parse_json
from .errors import BundleRejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["compare_with_locked"]


def compare_with_locked(
    folder: Path, found: Mapping[str, Mapping[str, str]], *, own: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Hold what is installed against env/records.json; ``own`` is what the builder itself brings.

    Returns:
        Packages of another version, missing or extra; packages whose bytes differ or have no digest to compare.

    Raises:
        BundleRejected: The record is missing or malformed.
    """
    locked = _locked(folder)
    versions = [
        f"{name} {found[name]['version'] if name in found else 'missing'} (locked {facts['version']})"
        for name, facts in sorted(locked.items())
        if name not in found or found[name]["version"] != facts["version"]
    ]
    versions = [text for text in versions if text.split()[0] not in own]
    versions += [
        f"{name} {found[name]['version']} (not locked)" for name in sorted(found.keys() - locked.keys() - own)
    ]
    content = [
        name
        for name, facts in sorted(locked.items())
        if name in found
        and name not in own
        and found[name]["version"] == facts["version"]
        and (found[name]["sha256"] != facts["sha256"] or not facts["sha256"])
    ]
    return tuple(versions), tuple(content)


def _locked(folder: Path) -> dict[str, dict[str, str]]:
    """Return env/records.json.

    Raises:
        BundleRejected: It is missing or malformed, so the environment could not be held against anything.
    """
    path = folder / "env/records.json"
    try:
        rows = parse_json(path.read_bytes(), "env/records.json")
    except FileNotFoundError as error:
        raise BundleRejected("missing member", "the bundle has no `env/records.json`") from error
    if not isinstance(rows, dict) or not all(
        isinstance(row, dict) and all(isinstance(row.get(key), str) for key in ("version", "sha256"))
        for row in rows.values()
    ):
        raise BundleRejected("records", "`env/records.json` is malformed")
    return rows
