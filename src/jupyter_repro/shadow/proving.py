"""Have a notebook run in the shadow by a process of its own, hear how it goes, and end it at any time."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

import msgspec

from jupyter_repro import errors
from jupyter_repro.errors import Cancelled, ReproError, RunFailed
from jupyter_repro.records import SeedPlan

from .messages import Done, Failed, Said, Step, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.proof import Proof

__all__ = ["ProofOptions", "Proving"]

_ENDS_IN_S = 10.0


def _silent(_step: str) -> None:
    """Take no notice of progress."""


class ProofOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How one proof is made."""

    plan: SeedPlan = SeedPlan()
    """Put in force for a notebook that does not govern itself."""
    python: str = sys.executable
    """The interpreter of the kernel."""
    profile: Literal["cpu", "gpu"] = "cpu"
    """Which tolerance numbers are compared with."""
    cell_timeout_s: float | None = None
    """Longest time for one cell, in seconds; None sets no limit."""
    allowed: tuple[str, ...] = ()
    """Folders outside the project that cells may write to."""


class Proving:
    """One run of a notebook in the shadow.

    Args:
        notebook: The notebook as it is saved.
        options: How it is run.
        progress: Called with each step's name.
    """

    def __init__(
        self, notebook: Path, options: ProofOptions, progress: Callable[[str], None] = _silent
    ) -> None:
        self._notebook = notebook
        self._options = options
        self._progress = progress
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self.step = "starting"
        """What it is at."""

    def run(self) -> Proof:
        """Run the notebook and compare; blocks until that is done.

        Raises:
            ReproError: It could not be done, or :class:`Cancelled`.
        """
        with tempfile.TemporaryDirectory(prefix="jr-proof-", ignore_cleanup_errors=True) as folder:
            return self._run(Path(folder))

    def cancel(self) -> None:
        """End it; :meth:`run` raises :class:`Cancelled`."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.terminate()

    def _run(self, folder: Path) -> Proof:
        options, inside = self._options, folder / "run"
        inside.mkdir()
        wanted = Wanted(
            notebook=str(self._notebook.absolute()),  # the other process runs elsewhere
            folder=str(inside),
            python=options.python,
            plan=options.plan,
            profile=options.profile,
            cell_timeout_s=options.cell_timeout_s,
            allowed=options.allowed,
        )
        with (folder / "log").open("wb+") as log:
            process = self._start(folder, log.fileno())
            try:
                said = self._hear(process, wanted)
            finally:
                _ended(process)
            if isinstance(said, Done):
                return said.proof
            if self._cancelled:
                raise Cancelled(
                    "the proof was cancelled", remedy="nothing has changed; start it again when you like"
                )
            if isinstance(said, Failed):
                raise _as_error(said)
            log.seek(0)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
        raise RunFailed(
            f"the process of the proof ended at `{self.step}`: {lines[-1] if lines else process.returncode}",
            remedy="look for what ends processes, such as memory",
        )

    def _start(self, folder: Path, log: int) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._cancelled:
                raise Cancelled(
                    "the proof was cancelled", remedy="nothing has changed; start it again when you like"
                )
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_repro.shadow.run"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,  # no module of the user's stands before the standard library's
                start_new_session=True,  # an interrupt of the kernel is not for us
            )
            return self._process

    def _hear(self, process: subprocess.Popen[bytes], wanted: Wanted) -> Said | None:
        """Return the last that the process says."""
        to, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        with contextlib.suppress(BrokenPipeError):  # it has ended: why, is in its log
            to.write(msgspec.json.encode(wanted) + b"\n")
            to.flush()
        said: Said | None = None
        for line in told:
            said = msgspec.json.decode(line, type=Said)
            if isinstance(said, Step):
                self.step = said.name
                self._progress(said.name)
        return said


def _ended(process: subprocess.Popen[bytes]) -> None:
    """See to it that the process has ended, and with it its kernel, which looks after its parent."""
    with contextlib.suppress(BrokenPipeError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(_ENDS_IN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _as_error(said: Failed) -> ReproError:
    kind = getattr(errors, said.kind, ReproError)
    return kind(said.message, remedy=said.remedy)
