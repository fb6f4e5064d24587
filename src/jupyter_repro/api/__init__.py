"""The Python door: the facts of ``%repro`` for programs."""

from __future__ import annotations

from jupyter_repro.records import Status
from jupyter_repro.rng.children import child_seed, generator
from jupyter_repro.rng.forked import fork_rng

from . import checkpoint
from .bundles import export, prove, verify
from .checkpoint import resume
from .control import Governed, loader, seed
from .facts import drift, environment, input_files, report, runs, status
from .files import config, data
from .goldens import golden
from .ranks import rank_run
from .sweeping import sweep
from .tracing import trace
from .trackers import HydraCallback, ReproObserver, run_id

__all__ = [
    "Governed",
    "HydraCallback",
    "ReproObserver",
    "Status",
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
    "verify",
]
