"""The process of one run in the shadow: ``python -m jupyter_repro.shadow.run``, asked on stdin, told on stdout.

It gives up the right to write anywhere but in its folder before it reads the project, starts the kernel, which inherits that, and
compares. It ends when its stdin does: nobody is left to hear it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from jupyter_repro.bundle.canonical import canonical_run
from jupyter_repro.bundle.dists import read_interpreter
from jupyter_repro.bundle.notebook import read_notebook
from jupyter_repro.bundle.proof import prove
from jupyter_repro.errors import ReproError, RunFailed, TooMuch
from jupyter_repro.inputs.root import git_root
from jupyter_repro.records.proof import Proof, all_came_again
from jupyter_repro.verifier.compare.tolerance import PROFILES

from .guard import WRITABLE_ENV
from .landlock import write_only_below
from .messages import Done, Failed, Said, Step, Wanted
from .working_tree import Copied, copy_working_tree

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["main"]

_DEVICES = Path("/dev")
_GUARDED = (
    "a guard in Python kept cells from writing outside a copy of the project; what C libraries and programs write was not held "
    "back (this system has no Landlock)"
)
_LOCKED = "Landlock kept cells and all that they started from writing outside a copy of the project"


def main() -> int:
    """Read what is wanted, do it, tell it; return the exit status."""
    asked = sys.stdin.readline()
    tell = _teller()
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        tell(Done(_proof(msgspec.json.decode(asked, type=Wanted), lambda step: tell(Step(step)))))
    except ReproError as error:
        tell(Failed(type(error).__name__, error.message, error.remedy))
        return 1
    return 0


def _teller() -> Callable[[Said], None]:
    """Keep stdout for what is told: a library may print."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def tell(said: Said) -> None:
        with contextlib.suppress(BrokenPipeError):
            channel.write(msgspec.json.encode(said) + b"\n")

    return tell


def _end(_signal: int, _frame: Any) -> NoReturn:
    raise SystemExit(130)


def _end_with_stdin() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _proof(wanted: Wanted, step: Callable[[str], None]) -> Proof:
    started, at = time.monotonic(), time.time()
    path, folder = Path(wanted.notebook).resolve(), Path(wanted.folder).resolve()
    held_back = _hold_back(folder, wanted.allowed)
    author = read_notebook(path)
    interpreter = read_interpreter(wanted.python)
    step("copying the working tree")
    home = folder / "tree"
    home.mkdir()
    copied = _copy(path, home, links=held_back == _LOCKED)
    run = canonical_run(
        msgspec.structs.replace(author, path=home / path.relative_to(path.anchor)),
        plan=wanted.plan,
        interpreter=interpreter,
        cell_timeout_s=wanted.cell_timeout_s,
        progress=step,
        partial=True,
    )
    step("comparing")
    run = msgspec.structs.replace(run, node=_at_home(run.node, str(home)))
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


def _hold_back(folder: Path, allowed: tuple[str, ...]) -> str:
    """Give up writing elsewhere, as far as the system can; return how far that is."""
    free = folder / "tmp"
    free.mkdir()
    os.environ["TMPDIR"] = str(free)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    writable = [folder, *(Path(each).expanduser() for each in allowed)]
    for each in writable:
        if not each.exists():
            raise RunFailed(f"`{each}` does not exist", remedy="allow a folder that exists")
    if _DEVICES.is_dir():
        writable.append(_DEVICES)
    os.environ[WRITABLE_ENV] = os.pathsep.join(map(str, writable))
    try:
        write_only_below(writable)
    except OSError:
        return _GUARDED
    return _LOCKED


def _copy(notebook: Path, home: Path, *, links: bool) -> Copied:
    """Copy the project; where that is too much, the folder of the notebook."""
    folder = notebook.parent
    root = git_root(folder) or folder
    try:
        return copy_working_tree(root, home, links=links)
    except TooMuch:
        if root == folder:
            raise
        return copy_working_tree(folder, home, links=links)


def _at_home(value: Any, prefix: str) -> Any:
    """Spell paths in what cells show as they are in the project."""
    if isinstance(value, str):
        return value.replace(prefix, "")
    if isinstance(value, dict):
        return {key: _at_home(each, prefix) for key, each in value.items()}
    if isinstance(value, list):
        return [_at_home(each, prefix) for each in value]
    return value


if __name__ == "__main__":
    sys.exit(main())
