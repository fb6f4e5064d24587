"""The process of one run in the shadow: ``python -m jupyter_repro.shadow.run``, asked on stdin, told on stdout.

It gives up the right to write anywhere but in its folder before it reads the project, starts the kernel, which inherits that, and
compares. It ends when its stdin does: nobody is left to hear it.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.bundle.canonical import canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.bundle.proof import prove
from jupyter_repro.errors import ReproError
from jupyter_repro.records.proof import Proof, all_came_again
from jupyter_repro.verifier.compare.tolerance import PROFILES

from .channel import end_with_stdin, teller
from .home import LOCKED, at_home, copy_project, hold_back
from .messages import Done, Failed, Step, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]


def main() -> int:
    """Read what is wanted, do it, tell it; return the exit status."""
    asked = sys.stdin.readline()
    tell = teller()
    end_with_stdin()
    try:
        tell(Done(_proof(msgspec.json.decode(asked, type=Wanted), lambda step: tell(Step(step)))))
    except ReproError as error:
        tell(Failed(type(error).__name__, error.message, error.remedy))
        return 1
    return 0


def _proof(wanted: Wanted, step: Callable[[str], None]) -> Proof:
    started, at = time.monotonic(), time.time()
    path, folder = Path(wanted.notebook).resolve(), Path(wanted.folder).resolve()
    held_back = hold_back(folder, wanted.allowed)
    author = read_notebook(path)
    interpreter = read_interpreter(wanted.python)
    step("copying the working tree")
    home = folder / "tree"
    home.mkdir()
    copied = copy_project(path, home, links=held_back == LOCKED)
    run = canonical_run(
        msgspec.structs.replace(author, path=home / path.relative_to(path.anchor)),
        plan=wanted.plan,
        interpreter=interpreter,
        cell_timeout_s=wanted.cell_timeout_s,
        progress=step,
        partial=True,
    )
    step("comparing")
    run = msgspec.structs.replace(run, node=at_home(run.node, str(home)))
    cells = prove(author, run, tolerance=PROFILES[wanted.profile])
    return Proof(
        at=at,
        seconds=time.monotonic() - started,
        notebook=str(path),
        digest=hashlib.sha256(author.raw).hexdigest(),
        reproduced=all_came_again(cells),
        cells=cells,
        held_back=held_back,
        left_out=copied.left_out,
    )


if __name__ == "__main__":
    sys.exit(main())
