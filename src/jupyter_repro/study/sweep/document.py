"""One run of a notebook, in a worker: a process of its own, which works in a copy of the project."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.records import SeedPlan  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.shadow.messages import Counted, Counting, Failed

from .calling import Ran
from .numbers import TOLD
from .standing import digests
from .surroundings import environment_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NotebookTask", "run_notebook"]


class NotebookTask(msgspec.Struct, frozen=True, kw_only=True):
    """One run, ready to travel."""

    path: str
    node: dict[str, Any]
    """What is run in the place of the file's content."""
    metrics: tuple[str, ...]
    plan: SeedPlan
    environment: dict[str, str]
    python: str
    allowed: tuple[str, ...] = ()
    timeout_s: float | None = None


def run_notebook(task: NotebookTask) -> Ran:
    """Return what a run gives; one that fails is told with its reason, and raises nothing."""
    environment = environment_digest()
    if not Path(task.path).is_file():
        return Ran(error="this worker does not see the notebook's folder", environment=environment)
    with tempfile.TemporaryDirectory(prefix="jr-sweep-", ignore_cleanup_errors=True) as name:
        said = _asked(task, Path(name))
    if isinstance(said, str):
        return Ran(error=said, environment=environment)
    told = next((out["data"][TOLD] for out in said.outputs if TOLD in out.get("data", {})), None)
    if told is None:
        return Ran(error="its last cell did not tell the metrics", environment=environment)
    for metric in task.metrics:
        if "error" in told[metric]:
            return Ran(error=f"no `{metric}` at the end: {told[metric]['error']}", environment=environment)
    values = {metric: str(told[metric]["value"]) for metric in task.metrics}
    return Ran(values=values, stands_on=digests(said.read), environment=environment)


def _asked(task: NotebookTask, folder: Path) -> Counted | str:
    """Have it run by a process of its own; return what that says, or why there is nothing."""
    inside = folder / "run"
    inside.mkdir()
    wanted = Counting(
        notebook=task.path,
        node=task.node,
        folder=str(inside),
        python=task.python,
        plan=task.plan,
        environment=task.environment,
        allowed=task.allowed,
    )
    with (folder / "log").open("wb+") as log:
        with _process(folder, log.fileno(), task.timeout_s) as (process, late):
            with contextlib.suppress(BrokenPipeError):  # it has ended: why, is in its log
                process.stdin.write(msgspec.json.encode(wanted) + b"\n")
                process.stdin.flush()
            line = process.stdout.readline()
        if late.is_set():
            return f"it took more than {task.timeout_s:g} s"
        if line:
            said = msgspec.json.decode(line, type=Counted | Failed)
            return said.message if isinstance(said, Failed) else said
        log.seek(0)
        lines = log.read().decode("utf-8", "replace").strip().splitlines()
    return f"its process died: {lines[-1] if lines else 'it said nothing'}"


@contextlib.contextmanager
def _process(folder: Path, log: int, timeout_s: float | None) -> Iterator[tuple[Any, threading.Event]]:
    """Start the process, which ends with the block and with us, at the latest when its time is over."""
    late = threading.Event()
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_repro.shadow.counting"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=folder,  # no module of the user's stands before the standard library's
        start_new_session=True,
    )

    def stop() -> None:
        late.set()
        process.terminate()

    timer = threading.Timer(timeout_s, stop) if timeout_s is not None else None
    if timer is not None:
        timer.start()
    try:
        yield process, late
    finally:
        if timer is not None:
            timer.cancel()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
