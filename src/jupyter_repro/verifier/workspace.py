"""The folder of one verification: the author's files as they lay, the environment, this package as files."""

from __future__ import annotations

import contextlib
import importlib.resources
import itertools
import os
import shutil
from typing import TYPE_CHECKING, Any

from .archive import Bundle, extract
from .errors import BundleRejected

if TYPE_CHECKING:
    from pathlib import Path

    from .recipe import Recipe

__all__ = ["Workspace", "discard", "module_command"]


class Workspace:
    """Where a bundle is unpacked, rebuilt and run.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        """The author's files at their places relative to the root."""
        self.locked = folder / "locked"
        """``env/`` and ``wheels/``."""
        self.environment = folder / "environment"
        self.tools = folder / "tools"
        """Holds this package as ``verifier/``, also when it runs from within a zip."""

    def fill(self, bundle: Bundle, recipe: Recipe) -> None:
        """Unpack what is needed to build and run.

        Raises:
            BundleRejected: A member is missing, or a path would leave the workspace.
        """
        for folder in (self.project, self.locked, self.tools):
            folder.mkdir(parents=True)
        environment = {name: name for name in bundle.digests if name.startswith(("env/", "wheels/"))}
        extract(bundle, environment, self.locked)
        _check_notebook(recipe.notebook)
        placed = {file.member: file.path for file in recipe.files if file.member}
        if len(placed) != len({*placed.values(), recipe.notebook}) - 1:
            raise BundleRejected("recipe", "two files of the recipe lie at one place")
        extract(bundle, {**placed, "notebook.ipynb": recipe.notebook}, self.project)
        for file in recipe.files:
            if file.member and bundle.digests.get(file.member) != file.sha256:
                raise BundleRejected("digest", f"`{file.path}` is not the file that the recipe names")
        _copy(importlib.resources.files(__package__), self.tools / "verifier")

    def working_folder(self, recipe: Recipe) -> Path:
        """Return the kernel's working directory: the notebook's folder."""
        return (self.project / recipe.notebook).parent


def module_command(interpreter: Path, module: str) -> list[str]:
    """Return the command that runs a module of this package with another Python, from the tools folder."""
    return [str(interpreter), "-E", "-s", "-m", f"verifier.{module}"]


def discard(folder: Path) -> None:
    """Remove a folder whatever was put into it: closed folders, and trees too deep for any path.

    Folders within are moved up before they are emptied, so that no path grows long.
    """
    numbers = itertools.count()
    todo = [str(folder)]
    while todo:
        current = todo.pop()
        with contextlib.suppress(OSError), os.scandir(current) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if not entry.is_dir(follow_symlinks=False):
                        os.unlink(entry.path)  # noqa: PTH108 - the path is text
                        continue
                    os.chmod(entry.path, 0o700)  # noqa: PTH101 - the path is text
                    if current != str(folder):
                        moved = f"{folder}/.going-{next(numbers)}"
                        os.rename(entry.path, moved)  # noqa: PTH104 - the path is text
                        todo.append(moved)
                    else:
                        todo.append(entry.path)
        with contextlib.suppress(OSError):
            os.rmdir(current)  # noqa: PTH106 - the path is text
    shutil.rmtree(folder, ignore_errors=True)


def _check_notebook(path: str) -> None:
    if not path.endswith(".ipynb"):
        raise BundleRejected("recipe", "the recipe names no notebook")


def _copy(source: Any, target: Path) -> None:
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                _copy(entry, target / entry.name)
        elif entry.name.endswith((".py", ".css")):
            with entry.open("rb") as file, (target / entry.name).open("wb") as out:
                shutil.copyfileobj(file, out)
