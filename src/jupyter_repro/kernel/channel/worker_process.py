"""The program of one job, and the thread that hears it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Literal

import msgspec

from jupyter_repro.inputs.audit import unwatched

from .jobs import JobRow, Refusal  # noqa: TC001 - msgspec resolves the field types at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Told", "WorkerProcess"]

_GRACE_S = 10.0
"""How long a program may take to end by itself."""
_LAST_WORDS = 2000


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line that the program of a job writes."""

    kind: Literal["step", "rows", "end"]
    step: str | None = None
    number: int | None = None
    of: int | None = None
    cell: int | None = None
    cells: int | None = None
    estimate_s: float | None = None
    rows: tuple[JobRow, ...] = ()
    result: dict[str, object] = {}
    """At the end: what was made."""
    error: str | None = None
    """At the end: why nothing was."""
    remedy: str = ""
    refused: tuple[Refusal, ...] = ()
    """At the end: what the author of an export may answer for."""


class WorkerProcess:
    """One program, at work beside the user's cells.

    Args:
        task: What it is told, as JSON.
        hear: Called in a thread with each thing that it tells; the last one is its end, in any case.
    """

    def __init__(self, task: Mapping[str, object], hear: Callable[[Told], None]) -> None:
        self._task = task
        self._hear = hear
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Begin, in a thread."""
        threading.Thread(target=self._run, name="jupyter_repro job", daemon=True).start()

    def stop(self) -> None:
        """Ask it to end; make it end where it does not."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.close()
            timer = threading.Timer(_GRACE_S, _kill, (process,))
            timer.daemon = True
            timer.start()

    def _run(self) -> None:
        with unwatched():
            ended = False
            words = b""
            try:
                process = subprocess.Popen(
                    [sys.executable, "-m", "jupyter_repro.kernel.channel.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd=sys.prefix,  # `-m` looks there first: no module of the user's stands in for one of ours
                    start_new_session=os.name == "posix",
                )
            except OSError as error:
                self._hear(Told(kind="end", error=f"no program can be started: {error.strerror}"))
                return
            with self._lock:
                self._process = process
                stopped = self._stopped
            errors = _Tail(process.stderr)
            try:
                self._tell(process)
                if stopped:
                    self.stop()
                for line in process.stdout or ():
                    told = _read(line)
                    if told is not None:
                        ended = ended or told.kind == "end"
                        self._hear(told)
            finally:
                process.wait()
                words = errors.text()
                for pipe in (process.stdin, process.stdout, process.stderr):
                    with contextlib.suppress(OSError, ValueError):
                        if pipe is not None:
                            pipe.close()
            if not ended:
                self._hear(_died(process.returncode, words))

    def _tell(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(msgspec.json.encode(self._task) + b"\n")
                process.stdin.flush()


class _Tail:
    """The last words of a stream, read in a thread so that its writer never waits."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._kept = b""
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes] | None) -> None:
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                for line in stream:
                    self._kept = (self._kept + line)[-_LAST_WORDS:]

    def text(self) -> bytes:
        self._thread.join(_GRACE_S)
        return self._kept


def _read(line: bytes) -> Told | None:
    """Return what a line tells; a line that is none of ours (a library that prints) tells nothing."""
    try:
        return msgspec.json.decode(line, type=Told)
    except msgspec.DecodeError:
        return None


def _died(code: int | None, words: bytes) -> Told:
    text = words.decode("utf-8", "replace").strip().splitlines()
    last = f": {text[-1]}" if text else ""
    return Told(
        kind="end",
        error=f"its program ended with code {code}{last}",
        remedy="try it in a terminal: `jupyter repro`",
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
