"""Addresses of trackers and data, as they may be shown to everybody."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

from jupyter_repro.secrets import redact

__all__ = ["public_address", "shown_path"]

_DISK = re.compile(r"(?P<scheme>(?:sqlite(?:\+\w+)?|file)://)?(?P<path>.*)", re.DOTALL)


def public_address(address: str, folder: str) -> str:
    """Return an address without user, password, query and fragment; a path as :func:`shown_path` shows it.

    Args:
        address: A URL, as ``https://host/path`` or ``sqlite:///mlflow.db``, or a path.
        folder: The notebook's.
    """
    scheme = address.partition("://")[0] if "://" in address else ""
    if scheme in ("", "file") or scheme.startswith("sqlite"):
        found = _DISK.fullmatch(address)
        before, path = (found["scheme"] or "", found["path"]) if found else ("", address)
        path = path.partition("?")[0]
        if before.startswith("sqlite"):
            before, path = f"{before}/", path[1:]  # `sqlite:///name` is relative, `sqlite:////name` is not
        return redact(before + shown_path(path, folder)) if path else address
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return f"{scheme}://..."
    return redact(urlunsplit((parts.scheme, host, parts.path, "", "")))


def shown_path(path: str, folder: str) -> str:
    """Return a path relative to the notebook's folder if it lies below, else without the user's name."""
    full = os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 - links stay as the user spells them
    if full == folder or full.startswith(folder.rstrip("/") + "/"):
        return os.path.relpath(full, folder)
    home = os.path.expanduser("~").rstrip("/")  # noqa: PTH111 - Path.home raises where there is none
    return f"~{full[len(home) :]}" if home and full.startswith(f"{home}/") else full
