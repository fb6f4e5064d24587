"""Sacred: an observer that writes our run's name into Sacred's record and takes Sacred's into ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.records.trackers import TrackedRun

from .ours import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records.trackers import Ours

__all__ = ["Observer"]

_KEY = "jupyter_repro"


class Observer:
    """What Sacred calls at the events of a run, in the manner of ``sacred.observers.RunObserver``.

    The facts go into ``meta``, which observers of files and MongoDB write, and into ``info``, which all do.

    Args:
        ours: Returns the facts of our run, None where there is none.
        made: Is told a run of Sacred.
        failed: Is told what went wrong: the experiment goes on.
    """

    priority = -100
    """After the observers that give a run its name."""

    def __init__(
        self,
        *,
        ours: Callable[[], Ours | None],
        made: Callable[[TrackedRun], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._ours, self._made, self._failed = ours, made, failed
        self._facts: dict[str, str] = {}

    def started_event(  # noqa: PLR0913, PLR0917 - the names and order are Sacred's
        self,
        ex_info: dict[str, Any],
        command: str,
        host_info: dict[str, Any],  # noqa: ARG002 - as above
        start_time: Any,  # noqa: ARG002 - as above
        config: dict[str, Any],  # noqa: ARG002 - as above
        meta_info: dict[str, Any],
        _id: Any,
    ) -> None:
        """Name each run in the record of the other."""
        try:
            ours = self._ours()
            if ours is None:
                return
            self._facts = meta_info[_KEY] = facts_of(ours)
            self._made(
                TrackedRun(
                    tracker="Sacred",
                    id="" if _id is None else str(_id),
                    name=str(command),
                    experiment=str(ex_info.get("name", "")),
                    note="" if _id is not None else "no observer of Sacred's has given it a name",
                )
            )
        except Exception as error:  # noqa: BLE001 - Sacred ends the experiment where an observer fails here
            self._failed(error)

    def heartbeat_event(self, info: dict[str, Any], captured_out: Any, beat_time: Any, result: Any) -> None:  # noqa: ARG002 - Sacred's
        """Keep the facts among what the run says of itself."""
        if self._facts:
            info.setdefault(_KEY, self._facts)

    def queued_event(self, *_: Any, **__: Any) -> None:
        """Wait: nothing has run."""

    def completed_event(self, *_: Any, **__: Any) -> None:
        """Say no more."""

    interrupted_event = failed_event = resource_event = artifact_event = log_metrics = completed_event

    def join(self) -> None:
        """Wait for nothing."""
