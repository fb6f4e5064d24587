"""Our run by its name, and those who tell trackers of it where the user puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import NoNotebook
from jupyter_repro.kernel.extension import session_of
from jupyter_repro.trackers.hydra import Callback
from jupyter_repro.trackers.sacred import Observer

from .asked import running_shell

if TYPE_CHECKING:
    from jupyter_repro.kernel.tracking import Tracking
    from jupyter_repro.records.trackers import Ours, TrackedRun

__all__ = ["HydraCallback", "ReproObserver", "run_id"]


def run_id(shell: Any = None) -> str:
    """Return the name under which the run catalog will have this kernel; log it with any tracker.

    Empty in a run that export, prove or verify has started, since that leaves no record.

    Args:
        shell: The IPython shell whose record counts; None takes the running one.

    Raises:
        NoNotebook: There is no shell with the extension.
    """
    found = _tracking(shell)
    if found is None:
        raise NoNotebook(
            "no cell has been recorded: there is no shell with jupyter_repro loaded",
            remedy="run `%load_ext jupyter_repro` first",
        )
    return found.promise()


class ReproObserver(Observer):
    """Writes our run's name into Sacred's record of each run, and takes Sacred's into ours.

    ``experiment.observers.append(jupyter_repro.ReproObserver())``; where the extension is not loaded it does nothing.

    Args:
        shell: As for :func:`run_id`.
    """

    def __init__(self, shell: Any = None) -> None:
        def made(run: TrackedRun) -> None:
            found = _tracking(shell)
            if found is not None:
                found.keep(run)

        super().__init__(
            ours=lambda: _ours(shell), made=made, failed=lambda error: _failed(shell, "Sacred", error)
        )


class HydraCallback(Callback):
    """Writes our run's name into the folder of each job of Hydra, as ``.hydra/jupyter_repro.json``.

    ``hydra.callbacks.repro._target_=jupyter_repro.HydraCallback``; where the extension is not loaded it does nothing.
    """

    def __init__(self) -> None:
        super().__init__(ours=lambda: _ours(None), failed=lambda error: _failed(None, "Hydra", error))


def _tracking(shell: Any) -> Tracking | None:
    """Return what follows the trackers of a shell; it begins to if it did not."""
    from jupyter_repro.kernel.tracking import current, tracking_of

    shell = running_shell() if shell is None else shell
    session = session_of(shell) if shell is not None else None
    return current() if session is None else tracking_of(session)


def _ours(shell: Any) -> Ours | None:
    found = _tracking(shell)
    return found.ours() if found is not None and found.at_work else None


def _failed(shell: Any, tracker: str, error: Exception) -> None:
    found = _tracking(shell)
    if found is not None:
        found.failed(tracker, error)
