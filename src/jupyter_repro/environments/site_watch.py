"""Whether something was installed or removed since the last look: a few microseconds a cell."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Moved", "SiteWatch"]

_SITES = ("site-packages", "dist-packages")
_INFO = (".dist-info", ".egg-info")


class Moved(NamedTuple):
    """One distribution that came, went or changed."""

    name: str
    before: str | None
    after: str | None
    imported: bool
    """It was there before, and a module of its name is imported: the old code goes on."""


class SiteWatch:
    """Compares the folders that hold installed packages by their times, and by names only if a time moved.

    Args:
        path: Returns the folders that are searched for modules.
    """

    def __init__(self, path: Callable[[], Sequence[str]] = lambda: sys.path) -> None:
        self._path = path
        self._times = self._stat()
        self._there = self._listed()

    def moved(self) -> tuple[Moved, ...]:
        """Return what differs from the last look."""
        times = self._stat()
        if times == self._times:
            return ()
        before, self._times = self._there, times
        self._there = now = self._listed()
        return tuple(
            Moved(
                name,
                before.get(name),
                now.get(name),
                imported=name in before and any(module in sys.modules for module in _likely(name)),
            )
            for name in sorted({*before, *now})
            if before.get(name) != now.get(name)
        )

    def _stat(self) -> tuple[tuple[str, int], ...]:
        found = []
        for folder in self._path():
            if folder.endswith(_SITES):
                try:
                    found.append((folder, os.stat(folder).st_mtime_ns))  # noqa: PTH116 - plain strings, at each cell
                except OSError:
                    continue
        return tuple(found)

    def _listed(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder, _ in self._times:
            try:
                entries = os.listdir(folder)  # noqa: PTH208 - plain strings
            except OSError:
                continue
            for entry in entries:
                stem, dot, _ = entry.rpartition(".")
                if entry.endswith(_INFO) and dot and not entry.startswith("~"):
                    name, _, version = stem.partition("-")
                    found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version.partition("-")[0])
        return found


def _likely(name: str) -> set[str]:
    """Return the names that the module of a distribution may have."""
    plain = name.replace("-", "_")
    known = {
        "scikit-learn": "sklearn",
        "pillow": "PIL",
        "pyyaml": "yaml",
        "opencv-python": "cv2",
        "beautifulsoup4": "bs4",
    }
    return {plain, known.get(name, plain)}
