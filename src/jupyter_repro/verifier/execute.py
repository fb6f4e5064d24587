"""Driving a fresh kernel through a notebook, as Restart & Run All would.

Needs ``jupyter_client`` in the interpreter that calls it. The run stops at the first error, unless the cell
is tagged ``raises-exception``.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import json
import os
import queue
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import LimitReached, RunFailed
from .limits import Limits, reached
from .outputs import Outputs
from .probing import Asker

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

__all__ = ["CellOutcome", "Ended", "Event", "Executed", "KernelSpec", "Limits", "execute"]

Ended = Literal["ok", "error", "not run", "timeout", "died"]

INSIDE = "JUPYTER_REPRO_RUN"
"""Set in the kernel: a cell that exports a bundle must not do so in here."""

_START_S = 120.0
_SOCKET_NAME = 104
"""Bytes that the name of a socket has on macOS, its end among them; Linux has four more."""
_ALLOWED = "raises-exception"


@dataclasses.dataclass(frozen=True)
class KernelSpec:
    """How the kernel is started."""

    python: str
    cwd: Path
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    root: Path | None = None
    """The project's folder, whose files are told in the records of cells; None: ``cwd``."""


@dataclasses.dataclass(frozen=True)
class Event:
    """Progress: a cell starts or has ended."""

    kind: Literal["start", "end"]
    cell: str
    position: int
    """Counts code cells from 1."""
    total: int
    ended: Ended | None = None
    duration_s: float = 0.0


@dataclasses.dataclass(frozen=True)
class CellOutcome:
    """How one code cell ended."""

    id: str
    ended: Ended
    duration_s: float
    error: str = ""
    """Name and value of the exception."""


@dataclasses.dataclass(frozen=True)
class Executed:
    """The notebook with fresh outputs, and how each cell ended."""

    notebook: dict[str, Any]
    cells: tuple[CellOutcome, ...]
    died: str | None = None
    """Why the run ended early for another reason than an error of a cell."""
    limit: bool = False
    """A time or memory limit was the reason."""


def execute(  # noqa: PLR0913 - what is run, where, and who listens
    notebook: dict[str, Any],
    *,
    kernel: KernelSpec,
    limits: Limits | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    go_on: Callable[[], None] = lambda: None,
    only: Container[str] | None = None,
) -> Executed:
    """Run every code cell, or those in ``only``, in order in a fresh kernel; the notebook given stays as it is.

    Each code cell of the result carries ``metadata.jupyter_repro.ended``, and as ``record`` what it stood on where the
    kernel told so; the notebook's own metadata carry the machine. ``go_on`` is called every tenth of a second; what it
    raises ends the run and the kernel.

    Raises:
        RunFailed: The kernel does not start.
    """
    fresh = copy.deepcopy(notebook)
    code = [cell for cell in fresh["cells"] if cell.get("cell_type") == "code"]
    for cell in code:
        cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"] = {**cell.get("metadata", {}), "jupyter_repro": {"ended": "not run"}}
    chosen = [cell for cell in code if only is None or str(cell.get("id", "")) in only]
    with _running_kernel(kernel, limits or Limits()) as client:
        run = _Run(client, limits or Limits(), on_event, len(chosen), go_on)
        run.asker.begin(kernel.root or kernel.cwd)
        for position, cell in enumerate(chosen, start=1):
            if not run.cell(cell, position):
                break
        fresh.setdefault("metadata", {})["jupyter_repro"] = run.asker.end(alive=run.died is None)
    return Executed(fresh, tuple(run.outcomes(code)), run.died, run.limit)


@dataclasses.dataclass
class _Client:
    manager: Any
    client: Any


@contextlib.contextmanager
def _running_kernel(kernel: KernelSpec, limits: Limits) -> Iterator[_Client]:
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import KernelManager

    with tempfile.TemporaryDirectory(prefix="jr-kernel-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _write_spec(folder / "kernels" / "verified", kernel, limits)
        specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")], ensure_native_kernel=False)
        manager = KernelManager(
            kernel_name="verified",
            kernel_spec_manager=specs,
            connection_file=str(folder / "connection.json"),
            transport=_transport(folder),
        )
        running = _Client(manager, None)
        try:
            _start(running, kernel, folder)
            yield running
        finally:
            if running.client is not None:
                running.client.stop_channels()
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def _transport(folder: Path) -> str:
    """Return how to talk to the kernel: by sockets in our own folder, which nobody else can connect to, if names may be that long."""
    longest = os.fsencode(folder / "connection-ipc-5")
    return "ipc" if os.name == "posix" and len(longest) < _SOCKET_NAME else "tcp"


def _start(running: _Client, kernel: KernelSpec, folder: Path) -> None:
    try:
        with (folder / "kernel.log").open("wb") as log:
            running.manager.start_kernel(
                cwd=str(kernel.cwd), env=_environment(kernel, folder), stdout=log, stderr=log
            )
        running.client = running.manager.client()
        running.client.start_channels()
        running.client.wait_for_ready(timeout=_START_S)
    except (RuntimeError, OSError) as error:
        said = (folder / "kernel.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        reason = said[-1] if said else str(error)
        raise RunFailed(
            f"the kernel did not start: {reason}", remedy="check that ipykernel works in that environment"
        ) from error


def _write_spec(folder: Path, kernel: KernelSpec, limits: Limits) -> None:
    command = [kernel.python, "-m", "ipykernel_launcher", "-f", "{connection_file}", *kernel.arguments]
    if limits.memory_bytes is not None:
        command = [kernel.python, "-I", "-S", _limiter(), f"AS={limits.memory_bytes}", "--", *command]
    folder.mkdir(parents=True)
    spec = {"argv": command, "display_name": "Python", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def _limiter() -> str:
    return str(Path(__file__).with_name("limited.py"))


def _environment(kernel: KernelSpec, folder: Path) -> dict[str, str]:
    """Return the kernel's variables: the caller's and its own, less what could lead it to other code or settings."""
    environ = {
        name: value
        for name, value in {**os.environ, **kernel.environment}.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")
    }
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        path = folder / name.lower()
        path.mkdir()
        environ[name] = str(path)
    environ.pop("JPY_SESSION_NAME", None)
    settings = folder / "matplotlibrc"  # neither the ids in an SVG nor anybody's own style are left to chance
    settings.write_text("svg.hashsalt: jupyter_repro\n", encoding="utf-8")
    environ["MATPLOTLIBRC"] = str(settings)
    return {**environ, "PYTHONNOUSERSITE": "1", INSIDE: "1"}


class _Run:
    """One pass through the cells."""

    def __init__(
        self,
        client: _Client,
        limits: Limits,
        on_event: Callable[[Event], None],
        total: int,
        go_on: Callable[[], None],
    ) -> None:
        self._client = client.client
        self._manager = client.manager
        self._limits = limits
        self._tell = on_event
        self._total = total
        self._go_on = go_on
        self._started = time.monotonic()
        self._outputs = Outputs()
        self.asker = Asker(client.client)
        self._by_cell: dict[int, CellOutcome] = {}
        self._unshown = ""
        """The last error by the kernel's reply: one that has run out of threads or memory may fail to show it."""
        self.died: str | None = None
        self.limit = False

    def outcomes(self, code: list[dict[str, Any]]) -> Iterator[CellOutcome]:
        """Yield one outcome a code cell; the cells that were not reached are `not run`."""
        for cell in code:
            yield self._by_cell.get(id(cell)) or CellOutcome(str(cell.get("id", "")), "not run", 0.0)

    def cell(self, cell: dict[str, Any], position: int) -> bool:
        """Run one cell; return whether the run goes on."""
        name = str(cell.get("id", ""))
        self._tell(Event("start", name, position, self._total))
        begun = time.monotonic()
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        ended: Ended = "ok"
        if source.strip():
            ended = self._execute(cell, source, name)
        duration = time.monotonic() - begun
        shown = (f"{o['ename']}: {o['evalue']}" for o in cell["outputs"] if o["output_type"] == "error")
        error = next(shown, self._unshown if ended == "error" else "")
        tags = cell["metadata"].get("tags", ())
        over = None if _ALLOWED in tags else reached(error, self._limits)
        if over:
            self.died, self.limit = over, True
        cell["metadata"]["jupyter_repro"]["ended"] = ended
        self._by_cell[id(cell)] = CellOutcome(name, ended, duration, error)
        self._tell(Event("end", name, position, self._total, ended, duration))
        return ended == "ok" or (ended == "error" and _ALLOWED in tags)

    def _execute(self, cell: dict[str, Any], source: str, name: str) -> Ended:
        content = {
            "code": source, "silent": False, "store_history": True, "user_expressions": self.asker.questions,
            "allow_stdin": False, "stop_on_error": True,
        }  # fmt: skip
        session = self._client.session
        message = session.msg("execute_request", content)
        message["metadata"]["cellId"] = name
        self._client.shell_channel.send(message)
        self._outputs.begin(cell, message["header"]["msg_id"])
        try:
            return self._collect(message["header"]["msg_id"], cell)
        except LimitReached as reached:
            self.died, self.limit = str(reached), True
            return "timeout"
        except RunFailed as failed:
            self.died = str(failed)
            return "died"

    def _collect(self, msg_id: str, cell: dict[str, Any]) -> Ended:
        """Take messages until the cell's reply and its ``idle`` are both there."""
        begun = time.monotonic()
        idle, reply = False, None
        while not (idle and reply is not None):
            message = self._next(self._client.get_iopub_msg, 0.0 if idle else 0.1)
            if message is not None:
                idle = idle or _is_idle(message, msg_id)
                self._outputs.take(message)
            answer = self._next(self._client.get_shell_msg, 0.1 if idle and reply is None else 0.0)
            if answer is not None and answer["parent_header"].get("msg_id") == msg_id:
                reply = answer["content"]
            self._go_on()
            if message is None and answer is None:
                self._alive()
            if reply is None or not idle:
                self._check(begun)
        cell["execution_count"] = reply.get("execution_count")
        cell["metadata"]["jupyter_repro"] |= self.asker.of_cell(reply)
        if reply["status"] == "ok":
            return "ok"
        self._unshown = f"{reply.get('ename', '')}: {reply.get('evalue', '')}"
        return "error"

    def _next(self, channel: Callable[..., Any], timeout: float) -> dict[str, Any] | None:
        try:
            message: dict[str, Any] = channel(timeout=timeout)
        except queue.Empty:
            return None
        return message

    def _alive(self) -> None:
        """Look whether the kernel lives.

        Raises:
            RunFailed: It has died.
            LimitReached: It has died, and had a memory limit.
        """
        if not self._manager.is_alive():
            if self._limits.memory_bytes is not None:
                raise LimitReached(
                    "the kernel died, most likely at the memory limit",
                    remedy="give it more with --memory-limit",
                )
            raise RunFailed(
                "the kernel died", remedy="look for a lack of memory or a crash in a compiled library"
            )

    def _check(self, begun: float) -> None:
        """Look whether the time limits hold; also while a cell floods us with messages.

        Raises:
            LimitReached: The time is over.
        """
        now = time.monotonic()
        if self._limits.cell_timeout_s is not None and now - begun > self._limits.cell_timeout_s:
            raise LimitReached(
                f"a cell took more than {self._limits.cell_timeout_s:g} s",
                remedy="give it more with --cell-timeout",
            )
        if self._limits.total_timeout_s is not None and now - self._started > self._limits.total_timeout_s:
            raise LimitReached(
                f"the run took more than {self._limits.total_timeout_s:g} s",
                remedy="give it more with --timeout",
            )


def _is_idle(message: dict[str, Any], msg_id: str) -> bool:
    ours = message["parent_header"].get("msg_id") == msg_id
    return (
        bool(ours)
        and message["msg_type"] == "status"
        and bool(message["content"]["execution_state"] == "idle")
    )
