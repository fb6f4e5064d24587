"""The process of one run of a sweep: ``python -m jupyter_repro.shadow.counting``, asked on stdin, told on stdout.

Like a proof it works in a copy of the project and cannot write elsewhere: runs beside each other do not meet in one file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from jupyter_repro.bundle.canonical import canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.errors import ReproError

from .channel import end_with_stdin, teller
from .home import LOCKED, copy_project, hold_back
from .messages import Counted, Counting, Failed

__all__ = ["main"]


def main() -> int:
    """Read what is wanted, do it, tell it; return the exit status."""
    asked = sys.stdin.readline()
    tell = teller()
    end_with_stdin()
    try:
        tell(_counted(msgspec.json.decode(asked, type=Counting)))
    except ReproError as error:
        tell(Failed(type(error).__name__, error.message, error.remedy))
        return 1
    return 0


def _counted(wanted: Counting) -> Counted:
    path, folder = Path(wanted.notebook).resolve(), Path(wanted.folder).resolve()
    held_back = hold_back(folder, wanted.allowed)
    author = read_notebook(path)
    interpreter = read_interpreter(wanted.python)
    home = folder / "tree"
    home.mkdir()
    copy_project(path, home, links=held_back == LOCKED)
    run = canonical_run(
        msgspec.structs.replace(author, path=home / path.relative_to(path.anchor), node=wanted.node),
        plan=wanted.plan,
        interpreter=interpreter,
        cell_timeout_s=wanted.cell_timeout_s,
        progress=lambda _step: None,
        more_environment=wanted.environment,
    )
    used = (*run.trace.read, *run.trace.modules)
    return Counted(
        outputs=run.node["cells"][-1]["outputs"],
        read=tuple(each.removeprefix(str(home)) for each in used),
    )


if __name__ == "__main__":
    sys.exit(main())
