"""One sweep from what a user says: the doors' common way in."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.engines.opening import open_engine
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.processes import own_processes
from jupyter_repro.rng.named import NAMED
from jupyter_repro.rng.seeds import check_seed
from jupyter_repro.store.place import journal_folder

from .functions import FunctionSubject
from .notebooks import NotebookOptions, NotebookSubject
from .pinning import thread_variables
from .running import run_sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.sweeps import Sweep

    from .plan import Settings
    from .running import Progress

__all__ = ["Places", "sweep_function", "sweep_notebook"]

_FOLDER = "sweeps"


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where runs take place, and where their results are kept."""

    engine: str | None = None
    """An address, such as ``dask://host:8786``; None: processes of this machine."""
    jobs: int | None = None
    """How many runs at once, where the engine lets us say."""
    keep: bool = True
    """Whether results are kept, so that the same sweep goes on where it was."""


def sweep_function(
    function: Callable[..., Any],
    settings: Settings,
    *,
    seed: int | None,
    places: Places,
    progress: Callable[[Progress], None],
) -> Sweep:
    """Sweep a function, under children of a seed: the one given, that in force, or 0.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    given = seed if seed is not None else NAMED.take_root()
    root = 0 if given is None else check_seed(given)
    said = "as given" if seed is not None else "no seed is in force" if given is None else "the seed in force"
    subject = FunctionSubject(function, settings, root=root, root_from=said)
    return _sweep(subject, settings, places, Path.cwd(), progress)


def sweep_notebook(
    path: Path,
    settings: Settings,
    *,
    options: NotebookOptions,
    places: Places,
    progress: Callable[[Progress], None],
) -> Sweep:
    """Sweep a notebook as it is saved, in fresh kernels.

    Raises:
        ReproError: One of its kinds, with what, where and the remedy.
    """
    subject = NotebookSubject(path, settings, options)
    return _sweep(subject, settings, places, path.resolve().parent, progress)


def _sweep(
    subject: FunctionSubject | NotebookSubject,
    settings: Settings,
    places: Places,
    beside: Path,
    progress: Callable[[Progress], None],
) -> Sweep:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    jobs = places.jobs or max(1, cores // settings.threads)
    environ = {**thread_variables(settings.threads), "PYTHONHASHSEED": "0"}
    folder = journal_folder(beside).folder / _FOLDER if places.keep else None
    engine = functools.partial(open_engine, places.engine, jobs=jobs, environ=environ)
    with unwatched(), own_processes():  # what we start and write is nothing that the user's cell does
        return run_sweep(subject, settings, engine=engine, folder=folder, progress=progress)
