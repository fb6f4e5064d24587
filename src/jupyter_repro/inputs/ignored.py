"""Files that belong to the machine, to Python or to Jupyter, and are no inputs of the notebook."""

from __future__ import annotations

import os
import re
import sys
import sysconfig

__all__ = ["IgnoredPlaces"]

_HOME = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is no home

_SYSTEM = (
    "/dev/",
    "/proc/",
    "/sys/",
    "/run/",
    "/etc/",
    "/lib/",
    "/lib64/",
    "/usr/lib/",
    "/usr/lib64/",
    "/usr/share/fonts/",
    "/usr/local/share/fonts/",
    "/usr/share/fontconfig/",
    "/usr/share/texmf/",
    "/usr/share/locale/",
    "/usr/share/mime/",
    "/usr/share/zoneinfo/",
    "/usr/share/ca-certificates/",
    "/usr/share/X11/",
    "/var/cache/fontconfig/",
    "/Library/Fonts/",
    "/System/",
    "/opt/X11/",
    "C:\\Windows\\",
)

_AT_HOME = (
    ".aws",
    ".cache/fontconfig",
    ".cache/matplotlib",
    ".cache/pip",
    ".cache/uv",
    ".config/gcloud",
    ".config/pip",
    ".fonts",
    ".local/share/fonts",
    ".ssh",
    "Library/Fonts",
)
"""Caches, fonts and credentials: they are nobody's data, and some must never be listed."""

_NAMES = frozenset({".netrc", "_netrc", ".pgpass", "pyvenv.cfg", ".env.keys"})

_PARTS = re.compile(
    r"[/\\](?:site-packages|dist-packages|__pycache__|\.jupyter_repro|\.ipynb_checkpoints|\.git"
    r"|ipykernel_\d+|\.ipython|\.jupyter|fontconfig)(?:[/\\]|$)"
    r"|[/\\]fontlist[^/\\]*\.json$|\.matplotlib-lock$|[/\\]python3\d+\.zip$"
)
"""Cell sources live in ``ipykernel_<pid>``; our own journals in ``.jupyter_repro``."""


class IgnoredPlaces:
    """Tells which absolute paths are no inputs; looked up once, at construction."""

    def __init__(self) -> None:
        folders = {path for name in ("stdlib", "platstdlib", "purelib", "platlib") if (path := _of(name))}
        folders.add(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - plain strings, compared with plain strings
        folders.update(os.path.join(_HOME, each) for each in _AT_HOME)  # noqa: PTH118 - as above
        for prefix in {sys.prefix, sys.base_prefix}:
            folders.update(os.path.join(prefix, *tail) for tail in (("share", "jupyter"), ("etc",)))  # noqa: PTH118 - as above
        folders.update(_jupyter_folders())
        real = {os.path.realpath(each) for each in folders}
        self._starts = (
            *_SYSTEM,
            *sorted(each.rstrip(os.sep) + os.sep for each in folders | real if each.strip(os.sep)),
        )

    def __contains__(self, path: str) -> bool:
        return (
            path.startswith(self._starts)
            or _PARTS.search(path) is not None
            or path.rpartition(os.sep)[2] in _NAMES
        )


def _of(name: str) -> str | None:
    return sysconfig.get_paths().get(name)


def _jupyter_folders() -> set[str]:
    named = (os.environ.get(name) for name in _VARIABLES)
    usual = (".local/share/jupyter", "Library/Jupyter", "AppData/Roaming/jupyter")
    return {each for each in named if each} | {os.path.join(_HOME, each) for each in usual}  # noqa: PTH118 - plain strings, as above


_VARIABLES = ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR")
