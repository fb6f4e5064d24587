"""Paths that do not tell where the author lives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

__all__ = ["without_home"]


def without_home(value: Any, *, home: Path | None = None) -> Any:
    """Return plain JSON data with the author's home folder written ``~``, keys included.

    Args:
        value: Plain dicts, lists and atoms.
        home: The folder to hide; None takes the one of the user who runs this.
    """
    folder = str(home if home is not None else Path.home()).rstrip("/\\")
    if not folder:
        return value
    return _replaced(value, re.compile(rf"{re.escape(folder)}(?=[/\\]|$|[^\w.-])"))


def _replaced(value: Any, home: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return home.sub("~", value)
    if isinstance(value, dict):
        return {_replaced(key, home): _replaced(each, home) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(each, home) for each in value]
    return value
