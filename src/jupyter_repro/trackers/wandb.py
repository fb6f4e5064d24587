"""Weights & Biases: a run's configuration and summary name our run, an artifact its inputs by reference.

Everything goes through the run that the user has opened, to where that writes: we open no connection and ask no server.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.patches import Patches
from jupyter_repro.records.trackers import TrackedRun

from .addresses import shown_path
from .ours import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_repro.records.trackers import Ours

    from .ours import KnownInput

__all__ = ["WandbRuns", "active_run", "name_ours", "tell_bundle", "tell_inputs", "tracked"]

_KEY = "jupyter_repro"


class WandbRuns:
    """Hears of every run that ``wandb.init`` opens in this process.

    Args:
        made: Called with the run; must not raise.
    """

    def __init__(self, made: Callable[[Any], None]) -> None:
        self._made = made
        self._patches = Patches()

    def put_on(self) -> None:
        """Begin to hear, once the library is imported."""
        library = sys.modules.get("wandb")
        if library is None or "init" not in vars(library) or self._patches.in_place():
            return
        real, made = vars(library)["init"], self._made

        @functools.wraps(real)
        def init(*args: Any, **kwargs: Any) -> Any:
            run = real(*args, **kwargs)
            made(run)
            return run

        self._patches.replace(library, "init", init)

    def take_off(self) -> None:
        """Give the library back as it was.

        Raises:
            RuntimeError: Somebody else has replaced our part since.
        """
        self._patches.give_back()


def active_run() -> Any:
    """Return the run that is open, None if none is."""
    return getattr(sys.modules.get("wandb"), "run", None)


def tracked(run: Any, *, folder: str, cell: str | None) -> TrackedRun:
    """Return a run as our record names it; an offline one has no address but its folder."""
    if run.offline:
        address = shown_path(str(run.settings.sync_dir), folder)
    else:
        address = f"{run.settings.app_url}/{run.entity}/{run.project}/runs/{run.id}"
    return TrackedRun(
        tracker="Weights & Biases",
        id=str(run.id),
        address=address,
        name=str(run.name or ""),
        experiment=str(run.project or ""),
        cell=cell,
    )


def name_ours(run: Any, ours: Ours) -> None:
    """Put the facts of our run into the configuration, and its name into the summary.

    A run that names another run of ours, since it is taken up again, keeps that and names this one as ``resumed_by``.
    """
    held = dict(run.config).get(_KEY)
    told = held if isinstance(held, dict) else {}
    if told.get("run", ours.run) != ours.run:
        run.config.update({_KEY: {**told, "resumed_by": ours.run}}, allow_val_change=True)
        return
    run.config.update({_KEY: facts_of(ours)}, allow_val_change=True)
    if ours.run:
        run.summary[f"{_KEY}/run"] = ours.run


def tell_inputs(run: Any, inputs: Sequence[KnownInput], ours: Ours) -> None:
    """Log an artifact that refers to the files, each with our digest; no byte of them is copied."""
    artifact = sys.modules["wandb"].Artifact(
        f"inputs-{run.id}",
        type="dataset",
        description="files that cells had read, as jupyter_repro has them on record",
        metadata={_KEY: {"run": ours.run, "sha256": {each.name: each.sha256 for each in inputs}}},
    )
    for each in inputs:
        artifact.add_reference(Path(each.path).as_uri(), name=each.name.lstrip("/~"))
    run.log_artifact(artifact)


def tell_bundle(run: Any, bundle: str) -> None:
    """Put the digest of the bundle into the summary of a run that is still open."""
    run.summary[f"{_KEY}/bundle"] = bundle
