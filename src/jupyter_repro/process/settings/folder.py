"""The working directory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_repro.process.setting import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Folder"]


@dataclass(frozen=True)
class Folder:
    """The working directory, asked for again only when somebody may have left it.

    Attributes:
        moves: Returns a number that grows whenever the process changes its folder; without it the system is
            asked each time.
    """

    moves: Callable[[], int] | None = None
    name: str = "setting:cwd"
    module: str = ""
    names: frozenset[str] = frozenset(
        ("os", "chdir", "getcwd", "cd", "pushd", "popd", "Path", "cwd", "open", "glob")
    )

    def fingerprint(self) -> object:
        """Return the number of moves, or the folder."""
        return _folder() if self.moves is None else (self.moves(),)

    def same(self, fingerprint: object) -> bool:
        """Tell whether the folder still is the same."""
        return self.fingerprint() == fingerprint

    def digest(self) -> str:
        """Return the digest of the folder's path."""
        return digest_of(_folder())


def _folder() -> tuple[object, ...]:
    try:
        return (os.getcwd(),)  # noqa: PTH109 - text is compared, and this runs in every cell
    except FileNotFoundError:
        return ("a folder that was deleted", True)
