"""One run of a function, in a worker: threads, hash seed and generators as its point says, whatever ran there before."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import pickle
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.environments.hash_seed import governs
from jupyter_repro.errors import ReproError
from jupyter_repro.records.sweeps import SweepPoint  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.rng.governor import Streams
from jupyter_repro.rng.swept import SWEPT_ENV

from .numbers import numbers_of
from .pinning import pinned, thread_variables
from .standing import Standing
from .surroundings import environment_digest
from .ulp import moved_params

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FunctionTask", "Ran", "call_function", "one_line"]

_LONGEST = 300
_ALONE = threading.Lock()
"""Generators, threads and the working folder belong to the process: of a cluster's worker with several threads, one runs."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one run."""

    values: dict[str, str] = {}
    error: str = ""
    stands_on: dict[str, str] = {}
    """Files that it read and modules of the user's, with digests: while they are the same, so is the result."""
    environment: str = ""
    """Digest of Python and its packages where it ran."""


class FunctionTask(msgspec.Struct, frozen=True, kw_only=True):
    """One call, ready to travel."""

    point: SweepPoint
    payload: bytes | str
    """The function and its parameters, by cloudpickle, or the file that holds them, for workers of this machine."""
    metrics: tuple[str, ...]
    folder: str
    """The working folder, where the worker has it."""
    path: tuple[str, ...]
    """Where the caller's Python looks for modules."""
    timeout_s: float | None = None


def call_function(task: FunctionTask) -> Ran:
    """Return what a call gives; one that fails is told with its reason, and raises nothing.

    A run that needs another hash seed or number of threads than its worker began with, or a limit of time, has a
    process of its own.
    """
    point = task.point
    if task.timeout_s is None and point.kind != "threads" and governs(point.hash_seed):
        return call_here(task)
    return _call_apart(task)


def call_here(task: FunctionTask) -> Ran:
    """Call in this process, and put its generators, threads and folder back."""
    point = task.point
    values: dict[str, str] = {}
    error = ""
    payload = task.payload if isinstance(task.payload, bytes) else Path(task.payload).read_bytes()
    with _ALONE, Standing() as standing, _as_the_caller(task), pinned(point.threads):
        streams = Streams(scope=True)
        try:
            function, params = pickle.loads(payload)  # noqa: S301 - our own bytes
            with pinned(point.threads):  # what the function's modules have loaded by now
                streams.begin(point.seed)
                os.environ[SWEPT_ENV] = str(point.index)
                values = numbers_of(_called(function, params, point), task.metrics)
        except ReproError as refused:
            error = refused.message
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - whatever the user's function raises is its outcome
            error = one_line(raised)
        finally:
            os.environ.pop(SWEPT_ENV, None)
            streams.end()
    return Ran(values=values, error=error, stands_on=standing.found, environment=environment_digest())


def _called(function: Any, params: dict[str, Any], point: SweepPoint) -> Any:
    if point.kind == "ulp":
        params = moved_params(params, point.number)
    if "seed" not in params and _takes_seed(function):
        params = {**params, "seed": point.seed}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return function(**params)


def _takes_seed(function: Any) -> bool:
    try:
        return "seed" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


@contextlib.contextmanager
def _as_the_caller(task: FunctionTask) -> Iterator[None]:
    """Stand in the caller's folder and find its modules."""
    before, former = sys.path[:], Path.cwd()
    sys.path += [each for each in task.path if each not in sys.path]
    if Path(task.folder).is_dir():
        os.chdir(task.folder)
    try:
        yield
    finally:
        sys.path[:] = before
        os.chdir(former)


def _call_apart(task: FunctionTask) -> Ran:
    """Call in a fresh process that begins as the point says."""
    environ = {
        **os.environ,
        **thread_variables(task.point.threads),
        "PYTHONHASHSEED": str(task.point.hash_seed),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_repro.study.sweep.apart"],
            input=pickle.dumps(msgspec.structs.replace(task, timeout_s=None)),
            capture_output=True, env=environ, timeout=task.timeout_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Ran(error=f"it took more than {task.timeout_s:g} s", environment=environment_digest())
    try:
        return msgspec.json.decode(done.stdout, type=Ran)
    except msgspec.DecodeError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [
            f"exit status {done.returncode}"
        ]
        return Ran(error=f"its process died: {said[0]}", environment=environment_digest())


def one_line(error: BaseException) -> str:
    """Return an exception with the user's line that raised it, the same on every machine."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    text = " ".join(traceback.format_exception_only(type(error), error)[-1].split())
    return f"{text[:_LONGEST]}{where}"
