"""Know at any moment whether Restart & Run All would give the results on the screen.

In a notebook::

    %load_ext jupyter_repro
    %repro seed=42 strict

In Python, the same facts: :func:`status`, :func:`report`, :func:`environment`, :func:`drift`, :func:`runs`, :func:`seed`, :func:`export`, :func:`prove`, :func:`verify`;
:func:`input_files`, and :func:`data` for files that must not change; and
streams of one's own: :func:`child_seed`, :func:`generator`, :func:`fork_rng`, :func:`loader`. :func:`config` reads a
configuration and keeps it on record, :func:`trace` writes down what torch does, :func:`golden` holds a training run
against its reference. :mod:`checkpoint` saves training,
and :func:`resume` goes on with it bit for bit. :func:`sweep` runs a function or a notebook
under many seeds. :func:`run_id` names this run for trackers, :class:`ReproObserver` tells Sacred of it
and :class:`HydraCallback` Hydra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .api import (
        Governed,
        HydraCallback,
        ReproObserver,
        Status,
        checkpoint,
        child_seed,
        config,
        data,
        drift,
        environment,
        export,
        fork_rng,
        generator,
        golden,
        input_files,
        loader,
        prove,
        rank_run,
        report,
        resume,
        run_id,
        runs,
        seed,
        status,
        sweep,
        trace,
        verify,
    )

__all__ = [
    "Governed",
    "HydraCallback",
    "ReproObserver",
    "Status",
    "__version__",
    "checkpoint",
    "child_seed",
    "config",
    "data",
    "drift",
    "environment",
    "export",
    "fork_rng",
    "generator",
    "golden",
    "input_files",
    "load_ipython_extension",
    "loader",
    "prove",
    "rank_run",
    "report",
    "resume",
    "run_id",
    "runs",
    "seed",
    "status",
    "sweep",
    "trace",
    "unload_ipython_extension",
    "verify",
]

_DOOR = frozenset(__all__) - {"__version__", "load_ipython_extension", "unload_ipython_extension"}


def load_ipython_extension(shell: Any) -> None:
    """Start recording in this shell (``%load_ext jupyter_repro``)."""
    from .kernel.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Give everything back and stop (``%unload_ext jupyter_repro``)."""
    from .kernel.extension import unload

    unload(shell)


def __getattr__(name: str) -> Any:
    """Import the Python door only when it is used."""
    if name in _DOOR:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
