"""Fresh processes, cheaply: a server that has the libraries loaded and forks a child for each job.

``python zygote.py FD`` serves jobs from the connection on that file descriptor; a job is
``(function's name in truth.jobs, arguments, seconds)``.
"""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

__all__ = ["Died", "Zygote"]

HERE = Path(__file__).resolve()


class Died(Exception):
    """The child ended without an answer; the message says how."""


class Zygote:
    """A server of fresh processes.

    Args:
        libraries: Modules that are loaded before the fork.
        hash_seed: PYTHONHASHSEED of all its children.
    """

    def __init__(self, libraries: tuple[str, ...], hash_seed: int, python: str = sys.executable) -> None:
        ours, theirs = socket.socketpair()
        environ = {
            **os.environ,
            "PYTHONHASHSEED": str(hash_seed),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join((str(HERE.parent.parent), os.environ.get("PYTHONPATH", ""))),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        for name in ("JPY_SESSION_NAME", "APP_MODE", "APP_LEVEL"):
            environ.pop(name, None)
        self.process = subprocess.Popen(
            [python, "-m", "truth.zygote", str(theirs.fileno()), *libraries],
            env=environ,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.line = multiprocessing.connection.Connection(ours.detach())

    def call(self, job: str, *arguments: Any, seconds: float = 60) -> Any:
        """Run a function of :mod:`truth.jobs` in a fresh process.

        Raises:
            Died: It gave no answer in that time, or crashed.
        """
        self.line.send((job, arguments, seconds))
        kind, answer = self.line.recv()
        if kind == "died":
            raise Died(answer)
        return answer

    def close(self) -> None:
        """End the server."""
        self.line.close()
        self.process.wait(10)


def serve(line: Any) -> None:
    """Answer jobs until the other side hangs up."""
    import gc

    gc.collect()
    gc.freeze()
    while True:
        try:
            job, arguments, seconds = line.recv()
        except EOFError:
            return
        reading, writing = multiprocessing.connection.Pipe(duplex=False)
        child = os.fork()
        if child == 0:
            reading.close()
            _child(writing, job, arguments)
        writing.close()
        line.send(_answer(reading, child, seconds))


def _answer(reading: Any, child: int, seconds: float) -> tuple[str, Any]:
    answer: tuple[str, Any] = ("died", f"no answer in {seconds} s")
    try:
        if reading.poll(seconds):
            answer = reading.recv()
    except EOFError:
        answer = ("died", "the process ended")
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    reading.close()
    return answer


def _child(writing: Any, job: str, arguments: tuple[Any, ...]) -> None:
    os.setpgid(0, 0)
    own: dict[str, Any] = {}
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    try:
        do = getattr(sys.modules["truth.jobs"], job)
        # the benchmark's own modules are none of the session's
        own = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "truth"}
        answer = do(*arguments)
        sys.modules.update(own)
        writing.send(("done", answer))
    except BaseException:  # noqa: BLE001 - whatever ends the child is its answer
        sys.modules.update(own)
        writing.send(("died", traceback.format_exc()[-3000:]))
    finally:
        os._exit(0)


def _warm() -> list[str]:
    """Return what the shell and the product import as they go: loaded once, no child loads it again."""
    reading, writing = multiprocessing.connection.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        reading.close()
        _child(writing, "warmed", ())
    writing.close()
    kind, modules = _answer(reading, child, 60)
    if kind == "died":
        raise Died(modules)
    return [name for name in modules if name not in sys.modules]


def main() -> None:
    """Load the libraries and serve."""
    import importlib

    from truth import jobs  # noqa: F401 - loaded once, for all children

    for library in sys.argv[2:]:
        importlib.import_module(library)
    for module in _warm():
        importlib.import_module(module)
    serve(multiprocessing.connection.Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
