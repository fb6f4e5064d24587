"""The slow part of the environment, found out by a process of its own: no cell waits for it.

A thread beside the cells would take the interpreter from them for a tenth of a second, most of it to load GitPython.
This file is also what that process runs; it lies in a folder whose modules must not stand in for others', so it is
started isolated, and takes the path of the process that asks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_repro.records import Git, Missing
    from jupyter_repro.records.packages import CondaPackage, Package

    Slow = tuple[tuple[Package, ...], tuple[CondaPackage, ...], Git | Missing]

__all__ = ["slow_part", "slow_part_apart"]

_LONGEST_S = 60.0
_LAST = 19
"""Where all processors are busy, the cells come first."""


def slow_part(folder: Path | None, path: Sequence[str] | None = None) -> Slow:
    """Return packages, conda packages and revision, found out in this process.

    Args:
        folder: Whose revision is told; None if that is not known.
        path: Folders in which packages are looked for; None takes ``sys.path``.
    """
    from jupyter_repro.environments.conda import conda_packages
    from jupyter_repro.environments.git import git_state
    from jupyter_repro.environments.packages import installed_packages
    from jupyter_repro.records import Missing

    revision = git_state(folder) if folder is not None else Missing("the notebook's folder is not known")
    return installed_packages(path), conda_packages(), revision


def slow_part_apart(folder: Path | None) -> Slow | None:
    """Return the same from a process of its own, None where none could be started or it gave no answer."""
    import subprocess

    import msgspec

    if not sys.executable:
        return None
    asked = msgspec.json.encode({"path": sys.path, "folder": None if folder is None else str(folder)})
    try:
        done = subprocess.run(  # in a session of its own: an interrupt of the kernel is none of its business
            [sys.executable, "-I", __file__],
            input=asked,
            capture_output=True,
            timeout=_LONGEST_S,
            check=True,
            start_new_session=True,
        )
        return msgspec.convert(msgspec.json.decode(done.stdout), _slow_type())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _slow_type() -> type[Slow]:
    from jupyter_repro.records import Git, Missing
    from jupyter_repro.records.packages import CondaPackage, Package

    return tuple[tuple[Package, ...], tuple[CondaPackage, ...], Git | Missing]


def _main() -> None:
    import os

    if hasattr(os, "nice"):
        os.nice(_LAST)
    import json

    asked = json.load(sys.stdin)
    path, here = asked["path"], {"", ".", os.getcwd(), asked["folder"]}  # noqa: PTH109 - before anything of ours
    # a `git.py` beside the notebook is none of ours
    sys.path[:] = [*(each for each in path if each not in here), *(each for each in path if each in here)]
    from pathlib import Path

    from jupyter_repro.canonical import dumps

    folder = asked["folder"]
    sys.stdout.buffer.write(dumps(slow_part(None if folder is None else Path(folder), path)))


if __name__ == "__main__":
    _main()
