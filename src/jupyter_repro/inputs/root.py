"""The folder that a bundle keeps as it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["git_root", "project_root"]


def project_root(notebook: Path, opened: Iterable[str]) -> Path:
    """Return the notebook's folder, or the nearest folder above that also holds what the notebook read.

    It never leaves the git work tree: a file outside that is an outside input.
    """
    folder = Path(os.path.abspath(notebook)).parent  # noqa: PTH100 - links stay as the user spells them
    top = git_root(folder)
    if top is None:
        return folder
    root = folder
    for path in opened:
        if Path(path).is_relative_to(top) and not Path(path).is_relative_to(root):
            root = Path(os.path.commonpath([root, os.path.dirname(path)]))  # noqa: PTH120 - plain strings
    return root


def git_root(folder: Path) -> Path | None:
    """Return the nearest folder from here upwards that holds ``.git``; its configuration is not read."""
    for each in (folder, *folder.parents):
        if os.path.lexists(each / ".git"):
            return each
    return None
