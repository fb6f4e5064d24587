"""The wheels of an index, brought into the bundle byte for byte."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from jupyter_repro.digest import file_digest

from .stopping import go_on

if TYPE_CHECKING:
    from pathlib import Path

    from .index import Offer

__all__ = ["fetch_wheel"]

_CHUNK = 1 << 20
_TIMEOUT_S = 60.0


def fetch_wheel(offer: Offer, folder: Path) -> Path | None:
    """Put the wheel that an index offers into a folder; None if it cannot be had, or is not the one promised.

    The author's own address is asked, mirror or not: only the bytes reach the bundle.
    """
    target = folder / offer.file
    parts = urlsplit(offer.url)
    try:
        if parts.scheme in {"http", "https"}:
            _download(offer.url, target)
        else:
            source = url2pathname(parts.path) if parts.scheme == "file" else offer.url
            shutil.copyfile(source, target)
        same = file_digest(target)[0] == offer.sha256
    except (OSError, ValueError, urllib.error.URLError):
        target.unlink(missing_ok=True)
        return None
    if not same:
        target.unlink()
    return target if same else None


def _download(url: str, target: Path) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "jupyter-repro"})  # noqa: S310 - the scheme is checked
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer, target.open("wb") as out:  # noqa: S310 - as above
        while chunk := answer.read(_CHUNK):
            go_on()
            out.write(chunk)
