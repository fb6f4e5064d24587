"""Configurations: read from files, found in a namespace, written down before references are resolved."""

from __future__ import annotations

from .find import find_configs
from .read import read_config

__all__ = ["find_configs", "read_config"]
