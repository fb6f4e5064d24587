"""Digest of a cell's source, as executed."""

from __future__ import annotations

import hashlib

__all__ = ["source_digest"]


def source_digest(source: str) -> str:
    r"""Return the SHA-256 of the source, line ends as ``\n``, outer blank lines dropped."""
    text = source.replace("\r\n", "\n").strip("\n").rstrip()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
