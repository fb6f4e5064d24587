"""Hydra: a callback that writes our run's name beside what Hydra writes of a job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import dumps, write_atomic
from jupyter_repro.records.trackers import TrackedRun

from .addresses import shown_path
from .ours import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.trackers import Ours

__all__ = ["OVERRIDES", "Callback", "job_of"]

OVERRIDES = ".hydra/overrides.yaml"
"""What Hydra writes at the beginning of a job in its folder."""


def job_of(overrides: str, *, folder: str, cell: str | None) -> TrackedRun:
    """Return a job by the file of its overrides; that it names our run is for the callback to see to."""
    output = Path(overrides).parent.parent
    named = (output / ".hydra" / "jupyter_repro.json").is_file()
    return TrackedRun(
        tracker="Hydra",
        id=shown_path(str(output), folder),
        address=shown_path(str(output / ".hydra"), folder),
        cell=cell,
        named=named,
        note=""
        if named
        else "Hydra's folder does not name our run: `jupyter_repro.HydraCallback` writes it there",
    )


class Callback:
    """What Hydra calls at the events of a job, in the manner of ``hydra.experimental.callback.Callback``.

    Args:
        ours: Returns the facts of our run, None where there is none.
        failed: Is told what went wrong: the job goes on.
    """

    def __init__(self, *, ours: Callable[[], Ours | None], failed: Callable[[Exception], None]) -> None:
        self._ours, self._failed = ours, failed

    def on_job_start(self, config: Any, **_: Any) -> None:
        """Write the facts of our run beside the configuration of the job."""
        try:
            ours = self._ours()
            if ours is None:
                return
            container = sys.modules["omegaconf"].OmegaConf
            output = container.select(config, "hydra.runtime.output_dir")
            facts = dumps(facts_of(ours), indent=2)
            place = Path(str(output)) / ".hydra" / "jupyter_repro.json"
            place.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(place, facts)
        except Exception as error:  # noqa: BLE001 - a job of the user's must not fail because of us
            self._failed(error)

    def on_run_start(self, *_: Any, **__: Any) -> None:
        """Wait for the job."""

    on_run_end = on_multirun_start = on_multirun_end = on_job_end = on_compose_config = on_run_start
