"""Tells the user's own modules from Python's and from those of installed distributions."""

from __future__ import annotations

import functools
import os
import site
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Origins"]

_OURSELVES = __name__.partition(".")[0]
_INSTALLED = frozenset(("site-packages", "dist-packages"))
_INSTALLED_PARTS = tuple(f"{os.sep}{part}{os.sep}" for part in _INSTALLED)


class Origins:
    """Where modules come from, by their files.

    A module is the user's unless its file lies in the standard library, in a folder of installed packages,
    or in the sources of an editable install; our own never is. The notebook's own folder is always the user's, also where it
    is the top of an editable install.

    Args:
        home: The notebook's folder.
    """

    def __init__(self, home: str) -> None:
        self._home = _real(home)
        folders = [*sysconfig.get_paths().values(), *site.getsitepackages(), site.getusersitepackages()]
        self._plain = tuple(f"{sysconfig.get_path(kind)}{os.sep}" for kind in ("stdlib", "platstdlib"))
        self._python = tuple(sorted({_real(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib")}))
        self._sites = tuple(
            sorted({_real(folder) for folder in folders if _INSTALLED & set(Path(folder).parts)})
        )
        self._editable = frozenset(_paths_in_pth_files(self._sites))
        self._known: dict[tuple[str, str], bool] = {}

    def is_user_module(self, name: str, file: str) -> bool:
        """Whether the module with this full name, from this file, is the user's."""
        key = (name, file)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._judge(name, file)
        return known

    def _judge(self, name: str, file: str) -> bool:
        if file.startswith(self._plain) or any(part in file for part in _INSTALLED_PARTS):
            return False  # most modules, without asking the disk
        if not os.path.isabs(file):  # noqa: PTH117 - a name like <frozen os> is no path
            file = os.path.join(self._home, file)  # noqa: PTH118 - likewise
        real = _real(file)
        if name.partition(".")[0] == _OURSELVES or _INSTALLED & (
            set(Path(real).parts) | set(Path(file).parts)
        ):
            return False
        if _within(real, self._python):
            return False
        root = _root(name, real)
        if root == self._home:
            return True
        return root not in self._editable and not _within(real, _mapped_by_finders(name))


def _root(name: str, file: str) -> str:
    """Return the entry of ``sys.path`` from which the module came, by its name and file."""
    path = Path(file)
    levels = name.count(".") + (path.stem == "__init__")
    return str(path.parents[min(levels, len(path.parents) - 1)])


def _paths_in_pth_files(folders: Iterable[str]) -> Iterator[str]:
    """Yield the folders that ``.pth`` files add: the sources of editable installs."""
    for folder in folders:
        for path in sorted(Path(folder).glob("*.pth")):
            try:
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            except OSError:
                continue
            for line in lines:
                text = line.strip()
                if text and not text.startswith(("#", "import ", "import\t")):
                    yield _real(os.path.join(folder, text))  # noqa: PTH118 - text may be absolute


def _mapped_by_finders(name: str) -> tuple[str, ...]:
    """Return where setuptools' finders of editable installs have the top-level package of this name."""
    top = name.partition(".")[0]
    mappings = (getattr(finder, "MAPPING", None) for finder in _finders(len(sys.modules)))
    return tuple(
        _real(mapping[top]) for mapping in mappings if type(mapping) is dict and type(mapping.get(top)) is str
    )


@functools.lru_cache(maxsize=1)
def _finders(_modules: int) -> tuple[object, ...]:
    """Return the finders' modules, looked for again when another number of modules is there."""
    return tuple(
        module
        for name, module in sys.modules.copy().items()
        if name.startswith("__editable__") and name.endswith("_finder")
    )


def _within(file: str, folders: Iterable[str]) -> bool:
    # MAPPING of a single module names its file without the suffix
    return any(file == folder or file.startswith((f"{folder}{os.sep}", f"{folder}.")) for folder in folders)


def _real(path: str) -> str:
    return os.path.realpath(path)
