"""Who asked: the user's line behind a draw, and the library between the two."""

from __future__ import annotations

import functools
import linecache
import os
import sysconfig
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.digest import source_digest

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["Place", "Site", "asked_by", "is_users", "place_of"]

_DEPTH = 300
"""Frames looked at; a deeper recursion has no line."""

_PASSED_THROUGH = frozenset(("random", "secrets", "uuid"))
"""Modules of the standard library that only hand on what they are asked for."""

_JUPYTER = frozenset(
    ("IPython", "comm", "debugpy", "ipykernel", "ipywidgets", "jupyter_client", "matplotlib_inline", "tornado",
     "traitlets", "zmq")
)  # fmt: skip
"""The front end's own libraries: they draw names for messages, never numbers for results."""

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # noqa: PTH100, PTH120 - plain strings in a hot hook


class Place(msgspec.Struct, frozen=True):
    """Where a line of the user's stands."""

    file: str
    line: int
    text: str
    via: str
    source: str
    """SHA-256 of the cell's source, empty where it is no cell's."""


class Site(msgspec.Struct, frozen=True):
    """A line of the user's, and who asked on its behalf."""

    frame: FrameType
    """Of the user's line."""
    asker: FrameType
    """That asked: the user's line, or a library's."""
    via: str
    """The library's name; empty if the line asked itself."""
    importing: bool = False
    """The library asked while it was imported."""


def asked_by(frame: FrameType | None, *, through: frozenset[str] = _PASSED_THROUGH) -> Site | None:
    """Return the user's line behind a frame; None if nobody of the user's asked.

    What the standard library asks for itself (names of temporary files, unpickled generators) and what the
    front end asks for is nobody's.

    Args:
        frame: The innermost frame.
        through: Modules of the standard library that only hand on what they are asked for.
    """
    asker: FrameType | None = None
    via, importing = "", False
    for _ in range(_DEPTH):
        if frame is None:
            return None
        file = frame.f_code.co_filename
        kind, name = _kind(file, str(frame.f_globals.get("__name__", "")))
        if kind == "user":
            return Site(frame, asker or frame, via, importing)
        if asker is None and kind != "passed" and name not in through:
            if kind == "standard" or name in _JUPYTER or file.endswith("_pickle.py"):
                return None
            asker, via = frame, name
        importing = importing or (asker is not None and file.startswith("<frozen importlib"))
        frame = frame.f_back
    return None


def is_users(frame: FrameType) -> bool:
    """Tell whether a frame runs the user's own code."""
    return _kind(frame.f_code.co_filename, str(frame.f_globals.get("__name__", "")))[0] == "user"


def place_of(site: Site) -> Place:
    """Return where the user's line stands, without the frame."""
    frame = site.frame
    file = frame.f_code.co_filename
    lines = linecache.getlines(file, frame.f_globals)
    text = lines[frame.f_lineno - 1].strip() if 0 < frame.f_lineno <= len(lines) else ""
    is_cell = frame.f_globals.get("__name__") == "__main__" and "__file__" not in frame.f_globals
    return Place(
        file=file,
        line=frame.f_lineno,
        text=text,
        via=site.via,
        source=source_digest("".join(lines)) if lines and is_cell else "",
    )


@functools.lru_cache(maxsize=4096)
def _kind(file: str, module: str) -> tuple[str, str]:
    """Return ``user``, ``library``, ``standard`` or ``passed`` for a code's file, and its top package."""
    top = module.partition(".")[0]
    if file.startswith(_OURS):
        return "passed", top
    if file.startswith("<frozen"):
        return "standard", top
    if file.startswith("<"):
        # cells of a terminal, and code that a dataclass or an eval compiled in somebody's name
        return ("user" if top == "__main__" or file.startswith("<ipython-input") else "passed"), top
    where = os.path.realpath(file)
    if {"site-packages", "dist-packages"} & set(where.replace("\\", "/").split("/")):
        return "library", top
    return ("standard" if any(where.startswith(folder) for folder in _standard()) else "user"), top


@functools.cache
def _standard() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return tuple(os.path.realpath(paths[key]) + os.sep for key in ("stdlib", "platstdlib"))
