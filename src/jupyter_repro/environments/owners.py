"""Which distribution a file or a module belongs to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .packages import distributions
from .places import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.metadata import Distribution

__all__ = ["Owners"]


class Owners:
    """The distributions on a path by what they have put there; made once, asked often.

    Args:
        path: Folders to look in; None takes ``sys.path``.
    """

    def __init__(self, path: Sequence[str] | None = None) -> None:
        self._tops: dict[str, set[str]] = {}
        """Distributions by the first part of a recorded path: a package's folder or a module's file."""
        self._files: dict[str, list[str]] = {}
        """The recorded paths of each distribution that shares a first part with another."""
        self._sites: set[str] = set()
        self._folders: list[tuple[str, str]] = []
        """Source folders of editable installs."""
        found = distributions(path)
        for name, (_, distribution) in found.items():
            self._sites.add(os.path.realpath(str(distribution.locate_file(""))) + os.sep)
            self._note(name, distribution)
        shared = {name for names in self._tops.values() if len(names) > 1 for name in names}
        self._files = {name: list(_paths(found[name][1])) for name in shared}

    def of_name(self, top: str) -> frozenset[str]:
        """Return the distributions that bring a module of this name, without importing it."""
        return frozenset(
            name for part, names in self._tops.items() if part.partition(".")[0] == top for name in names
        )

    def of_file(self, file: str) -> str | None:
        """Return the distribution that a file belongs to, None for one of no distribution."""
        real = os.path.realpath(file)
        for site in self._sites:
            if real.startswith(site):
                owner = self._of_path(real[len(site) :].replace(os.sep, "/"))
                if owner is not None:
                    return owner
        return next((name for folder, name in self._folders if real.startswith(folder)), None)

    def _of_path(self, path: str) -> str | None:
        names = self._tops.get(path.partition("/")[0], set())
        if len(names) < 2:  # noqa: PLR2004 - alone, or not there
            return next(iter(names), None)
        return next((name for name in sorted(names) if path in self._files[name]), None)

    def _note(self, name: str, distribution: Distribution) -> None:
        for top in {path.partition("/")[0] for path in _paths(distribution)}:
            if top != ".." and not top.endswith((".dist-info", ".egg-info", ".data", ".pth")) and top:
                self._tops.setdefault(top, set()).add(name)
        folder = _editable(distribution)
        if folder:
            self._folders.append((os.path.realpath(folder) + os.sep, name))


def _paths(distribution: Distribution) -> Iterator[str]:
    try:
        text = distribution.read_text("RECORD")
        if text is not None:
            yield from _unquoted(text.splitlines())
            return
        for line in (distribution.read_text("top_level.txt") or "").splitlines():
            yield from (f"{line.strip()}/__init__.py", f"{line.strip()}.py")
    except (OSError, UnicodeDecodeError):
        return


def _unquoted(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith('"'):
            yield line[1:].partition('"')[0]
        else:
            yield line.partition(",")[0]


def _editable(distribution: Distribution) -> str:
    import json

    try:
        fields = json.loads(distribution.read_text("direct_url.json") or "{}")
        if not fields.get("dir_info", {}).get("editable"):
            return ""
        folder = folder_of(str(fields.get("url", "")))
    except (OSError, ValueError, AttributeError):
        return ""
    return "" if folder is None else str(folder)
