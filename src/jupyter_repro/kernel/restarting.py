"""``%repro restart``: the kernel starts anew in its place, under the variables that only a start can set."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import RestartRefused

from .exporting import INSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .requests import Restart
    from .session import Session

__all__ = ["restart"]

_AFTER_REPLY_S = 0.5
"""The reply to the cell must have left before the process is another one."""


def restart(session: Session, request: Restart, *, tell: Callable[[str], None]) -> None:
    """Ask, then replace the kernel's process by a new one: same number, same connection, no names.

    Raises:
        RestartRefused: It cannot be done here, or a program runs the notebook and would lose its next cell.
    """
    from jupyter_repro.determinism.start import Start, not_in_force, start_variables

    if os.environ.get(INSIDE):
        tell("repro: restart is left out in a run that export or verify has started")
        return
    wanted = start_variables(Start(hash_seed=request.hash_seed, threads=request.threads), os.environ)
    missing = not_in_force(wanted)
    if not missing:
        tell("repro: this kernel was started with all of them; nothing to do")
        return
    _refuse(session.shell)
    if not request.now and not _agreed(missing):
        tell("repro: not restarted")
        return
    tell(
        f"repro: the kernel starts anew with {', '.join(f'{name}={wanted[name]}' for name in missing)}; run all"
    )
    _flush()
    folder = str(session.folder())
    session.boundary.guard(session.standing.at_end)()  # this life ends here, and is on record as any other
    if session.door is not None:
        session.door.close("restarting")
    session.close()
    # the environment as it is once the session has given it back
    environment = {**os.environ, **wanted}
    threading.Thread(
        target=_replace, args=(environment, folder), name="jupyter_repro restart", daemon=True
    ).start()


def _refuse(shell: Any) -> None:
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        raise RestartRefused(
            "only a Jupyter kernel can start anew in its place", remedy="start Python with PYTHONHASHSEED=0"
        )
    if os.name != "posix":
        raise RestartRefused(
            "on this system a process cannot take the place of another",
            remedy="`jupyter repro kernelspec` writes a kernel that starts so",
        )
    if not getattr(kernel, "_allow_stdin", False):
        raise RestartRefused(
            "a program runs this notebook (nbclient, papermill), and would lose its next cell",
            remedy="`jupyter repro kernelspec` writes a kernel that starts so; name it in the notebook",
        )


def _agreed(missing: tuple[str, ...]) -> bool:
    question = f"Restart the kernel for {', '.join(missing)}? All names are lost, cells that wait too. [y/N] "
    return input(question).strip().lower() in ("y", "yes")


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def _replace(environment: Mapping[str, str], folder: str) -> None:
    time.sleep(_AFTER_REPLY_S)
    try:
        os.chdir(folder)
    except OSError:
        sys.stderr.write(f"repro: `{folder}` is gone; the kernel starts where it stands\n")
    os.execve(sys.executable, [sys.executable, *_arguments()], dict(environment))  # noqa: S606 - no shell: this very program


def _arguments() -> list[str]:
    """Return the arguments of this process, its connection file by its full name."""
    from ipykernel.kernelapp import IPKernelApp

    connection = str(IPKernelApp.instance().abs_connection_file)
    name = os.path.basename(connection)  # noqa: PTH119 - compared as text
    return [
        connection if each.endswith(name) and not each.startswith("-") else each for each in sys.orig_argv[1:]
    ]
