"""The manifest: one line a member, `sha256  path`, sorted; its own digest names the bundle."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from .errors import BundleRejected

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NAME", "SIGNATURE", "SIGSTORE", "bundle_id", "format_manifest", "parse_manifest"]

NAME = "MANIFEST.sha256"
SIGNATURE = "MANIFEST.sha256.sig"
"""Beside the manifest, and not in it."""
SIGSTORE = "MANIFEST.sha256.sigstore.json"
"""The same, in the format of sigstore."""

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def format_manifest(digests: Mapping[str, str]) -> bytes:
    """Return the manifest of members, given path -> SHA-256 in hex."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode("utf-8")


def parse_manifest(data: bytes) -> dict[str, str]:
    """Return path -> SHA-256 in hex.

    Raises:
        BundleRejected: A line is malformed, a path is named twice, or the lines are not sorted.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleRejected("manifest", "the manifest is not UTF-8 text") from error
    if not text or not text.endswith("\n"):
        raise BundleRejected("manifest", "the manifest is empty or cut off")
    found: dict[str, str] = {}
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BundleRejected("manifest", f"line {number} of the manifest is malformed")
        digest, path = match.groups()
        if path in (NAME, SIGNATURE, SIGSTORE):
            raise BundleRejected("manifest", f"the manifest names `{path}`, which it cannot")
        if path in found:
            raise BundleRejected("manifest", f"the manifest names `{path}` twice")
        found[path] = digest
    if list(found) != sorted(found):
        raise BundleRejected("manifest", "the manifest is not sorted")
    return found


def bundle_id(manifest: bytes) -> str:
    """Return the id of a bundle: the SHA-256 of its manifest."""
    return hashlib.sha256(manifest).hexdigest()
