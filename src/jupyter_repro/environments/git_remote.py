"""A repository's address that can be shown to everybody."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["public_remote"]

_SHARED = frozenset({"https", "http", "ssh", "git", "git+ssh", "ftp", "ftps"})
_SCP = re.compile(
    r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>[A-Za-z0-9.-]{2,}|\[[0-9a-fA-F:]+\]):(?!/?/)(?P<path>[^\s]+)"
)
_PLAIN = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/\[\]-]*")


def public_remote(url: str) -> str | None:
    """Return the URL without user, password, query and fragment; None for a local folder or a helper.

    The user ``git`` stays in ``git@host:path``, where it names nobody.
    """
    url = url.strip()
    if "::" in url or not url.isprintable():
        return None
    if "://" in url:
        return _from_url(url)
    scp = _SCP.fullmatch(url)
    if scp is None or re.fullmatch(r"[A-Za-z]", scp["host"]):
        return None
    user = "git@" if scp["user"] == "git" else ""
    return f"{user}{scp['host']}:{scp['path'].partition('?')[0].partition('#')[0]}"


def _from_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SHARED or not parts.hostname or not _PLAIN.fullmatch(parts.path):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    user = "git@" if parts.username == "git" and parts.scheme.lower() not in {"http", "https"} else ""
    return f"{parts.scheme}://{user}{host}{f':{port}' if port else ''}{parts.path}"
