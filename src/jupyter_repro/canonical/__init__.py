"""Bytes on disk: canonical JSON and files that are whole or absent."""

from __future__ import annotations

from .json import dumps, to_builtins
from .write import write_atomic

__all__ = ["dumps", "to_builtins", "write_atomic"]
