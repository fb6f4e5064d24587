"""Time zone, locale and encoding, as this process has them."""

from __future__ import annotations

import locale
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.records.system import Locality

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["locality"]

_CATEGORIES = ("LC_COLLATE", "LC_CTYPE", "LC_NUMERIC", "LC_TIME")


def locality(
    environ: Mapping[str, str] = os.environ, *, localtime: Path = Path("/etc/localtime")
) -> Locality:
    """Return where and in which language this process believes to be; nothing is set."""
    return Locality(
        timezone=_timezone(environ, localtime),
        locale={name: _of(name) for name in _CATEGORIES},
        encoding=locale.getpreferredencoding(do_setlocale=False).lower(),
    )


def _of(category: str) -> str:
    try:
        return locale.setlocale(getattr(locale, category))
    except (locale.Error, AttributeError):
        return "unknown"


def _timezone(environ: Mapping[str, str], localtime: Path) -> str:
    offset = time.strftime("%z")
    told = environ.get("TZ") or _linked(localtime)
    return f"{told or time.strftime('%Z')} (UTC{offset[:3]}:{offset[3:]})"


def _linked(localtime: Path) -> str:
    try:
        target = localtime.resolve(strict=True).as_posix()
    except (OSError, RuntimeError):
        return ""
    return target.partition("/zoneinfo/")[2]
