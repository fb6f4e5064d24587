"""What MLflow asks, by its entry point ``mlflow.run_context_provider``, when a run begins."""

from __future__ import annotations

import sys

from mlflow.tracking.context.abstract_context import RunContextProvider

__all__ = ["ReproContext"]

_TRACKING = "jupyter_repro.kernel.tracking"


class ReproContext(RunContextProvider):  # type: ignore[misc]  # MLflow is not there where types are checked
    """Tags a run with what jupyter_repro knows, where the extension is loaded and records."""

    def in_context(self) -> bool:
        """Tell whether a session of ours records here; where none is, nothing of ours is imported."""
        tracking = sys.modules.get(_TRACKING)
        return tracking is not None and tracking.current() is not None

    def tags(self) -> dict[str, str]:
        """Return the tags; never raises, since MLflow's run is not to suffer."""
        from jupyter_repro.trackers.mlflow import context_tags

        found = sys.modules[_TRACKING].current()
        if found is None:
            return {}
        try:
            return context_tags(found.ours())
        except Exception as error:  # noqa: BLE001 - as above
            found.failed("MLflow", error)
            return {}
