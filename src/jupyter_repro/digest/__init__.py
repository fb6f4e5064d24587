"""Digests of sources, files and values."""

from __future__ import annotations

from .files import file_digest
from .sources import source_digest

__all__ = ["file_digest", "source_digest"]
