"""Places that may be told: addresses without credentials, folders without the home's name."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from jupyter_repro.secrets import redact

from .git_remote import public_remote

__all__ = ["folder_of", "short", "told_url"]


def folder_of(url: str) -> Path | None:
    """Return the folder that a ``file:`` URL names, None for any other."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    # `file:///C:/folder` names a drive; the function of the standard library costs 8 ms to import
    return Path(path[1:] if os.name == "nt" and path[2:3] == ":" else path)


def told_url(url: str) -> str:
    """Return where something came from: a folder with the home written ``~``, an address without credentials."""
    try:
        folder = folder_of(url)
    except ValueError:
        return ""
    return short(folder) if folder is not None else redact(public_remote(url) or "")


def short(folder: Path) -> str:
    """Return a folder's path, the user's home written ``~``."""
    try:
        return f"~/{folder.relative_to(Path.home()).as_posix()}"
    except (ValueError, RuntimeError):  # it lies elsewhere, or there is no home
        return str(folder)
