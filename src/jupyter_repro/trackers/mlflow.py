"""MLflow: every run that begins here names ours, with the notebook, its code and its data; ours names it."""

from __future__ import annotations

import functools
import json
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.patches import Patches
from jupyter_repro.records.trackers import TrackedRun

from .addresses import public_address
from .ours import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_repro.records.trackers import Ours

    from .ours import KnownInput

__all__ = [
    "PREFIX",
    "MlflowRuns",
    "active_run",
    "context_tags",
    "name_ours",
    "tell_bundle",
    "tell_inputs",
    "tracked",
]

PREFIX = "jupyter_repro."
_MOST_DIFF = 8000
"""MLflow cuts a tag there, without a word."""
_DIGEST = 32
"""MLflow takes up to 36 characters."""
_CUT = "\n[cut: the run on record has all of it]\n"


def context_tags(ours: Ours) -> dict[str, str]:
    """Return the tags of a run that begins: our own, and MLflow's where it looks in the wrong place.

    MLflow takes the commit of the program that runs, which in a kernel is a file of ipykernel.
    """
    tags = {
        f"{PREFIX}{key}": value for key, value in facts_of(ours).items() if key not in ("commit", "dirty")
    }
    if ours.notebook:
        tags["mlflow.source.name"], tags["mlflow.source.type"] = ours.notebook, "NOTEBOOK"
    if ours.commit:
        tags["mlflow.source.git.commit"] = ours.commit
        tags["mlflow.source.git.dirty"] = "true" if ours.dirty else "false"
        tags["mlflow.source.git.branch"] = ours.branch
        tags["mlflow.source.git.repoURL"] = ours.remote
        tags["mlflow.source.git.diff"] = _within(ours.diff)
    return {key: value for key, value in tags.items() if value}


def _within(diff: str) -> str:
    if len(diff) <= _MOST_DIFF:
        return diff
    return diff[: diff.rfind("\n", 0, _MOST_DIFF - len(_CUT))] + _CUT


class MlflowRuns:
    """Hears of every run that MLflow makes in this process, also by autologging.

    Args:
        made: Called with the run and the address of its store; must not raise.
    """

    def __init__(self, made: Callable[[Any, str], None]) -> None:
        self._made = made
        self._patches = Patches()

    def put_on(self) -> None:
        """Begin to hear, once MLflow is imported."""
        client = getattr(sys.modules.get("mlflow.tracking.client"), "MlflowClient", None)
        if client is None or self._patches.in_place():
            return
        real, made = vars(client)["create_run"], self._made

        @functools.wraps(real)
        def create_run(self: Any, *args: Any, **kwargs: Any) -> Any:
            run = real(self, *args, **kwargs)
            made(run, str(self.tracking_uri))
            return run

        self._patches.replace(client, "create_run", create_run)

    def take_off(self) -> None:
        """Give MLflow back as it was.

        Raises:
            RuntimeError: Somebody else has replaced our part since.
        """
        self._patches.give_back()


def tracked(run: Any, uri: str, *, folder: str, cell: str | None) -> TrackedRun:
    """Return a run of MLflow as our record names it."""
    return TrackedRun(
        tracker="MLflow",
        id=str(run.info.run_id),
        address=public_address(uri, folder),
        name=str(run.info.run_name or ""),
        experiment=str(run.info.experiment_id),
        cell=cell,
    )


def name_ours(run: Any, uri: str, ours: Ours) -> None:
    """Set our tags where the run has none: it was made by a client, or is taken up again.

    A run that names another run of ours keeps that, and names this one as ``jupyter_repro.resumed_by``.
    """
    told = dict(run.data.tags)
    if told.get(f"{PREFIX}run", "") == ours.run and any(key.startswith(PREFIX) for key in told):
        return
    if f"{PREFIX}run" in told:
        wanted = {f"{PREFIX}resumed_by": ours.run}
    else:
        wanted = {key: value for key, value in context_tags(ours).items() if key.startswith(PREFIX)}
    _client(uri).log_batch(
        run.info.run_id, tags=[_entities().RunTag(key, value) for key, value in wanted.items()]
    )


def active_run() -> tuple[Any, str] | None:
    """Return the run that is under way in this thread, and the address of its store."""
    library = sys.modules.get("mlflow")
    run = None if library is None else library.active_run()
    return None if run is None or library is None else (run, str(library.get_tracking_uri()))


def tell_inputs(run_id: str, uri: str, inputs: Sequence[KnownInput], ours: Ours) -> None:
    """Log files as data sets of a run: a digest that MLflow can hold, and the whole one as a tag of the input."""
    entities = _entities()
    found = [
        entities.DatasetInput(
            dataset=entities.Dataset(
                name=each.name[:500],
                digest=each.sha256[:_DIGEST],
                source_type="local",
                source=json.dumps({"uri": each.name}),
            ),
            tags=[
                entities.InputTag("mlflow.data.context", "input"),
                entities.InputTag(f"{PREFIX}sha256", each.sha256),
                *([entities.InputTag(f"{PREFIX}run", ours.run)] if ours.run else ()),
            ],
        )
        for each in inputs
    ]
    _client(uri).log_inputs(run_id, datasets=found)


def tell_bundle(run_id: str, uri: str, bundle: str) -> None:
    """Put the digest of the bundle on a run that went into it."""
    _client(uri).set_tag(run_id, f"{PREFIX}bundle", bundle)


def _client(uri: str) -> Any:
    return sys.modules["mlflow.tracking.client"].MlflowClient(tracking_uri=uri)


def _entities() -> Any:
    return sys.modules["mlflow.entities"]
