"""The notebooks that arguments name: files, folders, patterns."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadNotebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["notebooks_named"]

_PASSED_OVER = frozenset(
    (".git", ".ipynb_checkpoints", ".jupyter_repro", ".venv", "__pycache__", "node_modules", "venv")
)


def notebooks_named(arguments: Iterable[str]) -> list[Path]:
    """Return each notebook once, in the order of the arguments and then of the names.

    Folders are gone through, but not into checkpoints, environments and hidden folders.

    Raises:
        BadNotebook: An argument names nothing.
    """
    found: dict[Path, None] = {}
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            found.update(dict.fromkeys(_below(path)))
        elif path.exists() or not glob.has_magic(argument):
            found[path] = None
        else:
            named = [Path(each) for each in sorted(glob.glob(argument, recursive=True))]  # noqa: PTH207 - the pattern may be absolute
            if not named:
                raise BadNotebook(f"no file fits `{argument}`", remedy="check the pattern")
            for each in named:
                found.update(dict.fromkeys(_below(each) if each.is_dir() else [each]))
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER and not name.startswith("."))
        yield from (Path(place, name) for name in sorted(files) if name.endswith(".ipynb"))
