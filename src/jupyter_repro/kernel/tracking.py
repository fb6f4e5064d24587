"""The trackers that cells use: each run of theirs names ours, ours names it."""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import ReproError
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.records.trackers import TrackedRun, TrackersFile
from jupyter_repro.secrets import redact
from jupyter_repro.store.tracked import write_tracked
from jupyter_repro.trackers import mlflow, wandb

from .our_run import OurRun
from .tracked_data import SMALL, hydra_jobs, known_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.records import CellRun
    from jupyter_repro.records.trackers import Ours
    from jupyter_repro.trackers.ours import KnownInput

    from .session import Session

__all__ = ["Tracking", "current", "tracking_of"]

_ALL: weakref.WeakSet[Tracking] = weakref.WeakSet()


def tracking_of(session: Session) -> Tracking:
    """Return what follows the trackers of a session; it is made when it is first asked for."""
    if session.tracking is None:
        session.tracking = Tracking(session)
    return session.tracking


def current() -> Tracking | None:
    """Return what follows the trackers of this process: that of the session that records."""
    return next((each for each in list(_ALL) if each.at_work), None)


class Tracking:
    """Tells trackers of our run and keeps theirs; nothing of it can stop a cell or a tracker's run.

    Args:
        session: Whose cells use trackers.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._runs: dict[tuple[str, str], TrackedRun] = {}
        self._fresh: list[tuple[str, Any, str]] = []
        """Runs that began since the last cell ended: tracker, run, address as the tracker takes it."""
        self._stores: dict[str, str] = {}
        """Addresses as MLflow takes them, by the id of the run."""
        self._news: list[str] = []
        self._failed: set[str] = set()
        self._written = 0
        self.bundle = ""
        """The digest of the bundle that this kernel has exported last."""
        self._our = OurRun(session)
        self._mlflow = mlflow.MlflowRuns(self._mlflow_began)
        self._wandb = wandb.WandbRuns(self._wandb_began)
        _ALL.add(self)

    # -- life ---------------------------------------------------------------------------------------

    @property
    def at_work(self) -> bool:
        """Whether runs that begin now are told of ours."""
        return self._session.recording and os.getpid() == self._pid

    def begin(self) -> None:
        """Stand before the trackers that are imported."""
        with self._guarded("MLflow"):
            self._mlflow.put_on()
        with self._guarded("Weights & Biases"):
            self._wandb.put_on()

    def end(self) -> None:
        """Give the trackers back as they were."""
        for each in (self._mlflow, self._wandb):
            with contextlib.suppress(
                RuntimeError
            ):  # somebody stands before us: what they call of ours is inert
                each.take_off()

    @property
    def run(self) -> str:
        """The name of this kernel's run, the key on both sides; empty where it leaves no record."""
        return self._our.name

    def promise(self) -> str:
        """Return the name of our run, kept so that the record will bear it."""
        self._written = -1
        self._write()
        return self.run

    # -- what trackers are told -----------------------------------------------------------------------

    def ours(self) -> Ours:
        """Return the facts of our run at this moment."""
        return self._our.facts(self.bundle)

    # -- what trackers say ----------------------------------------------------------------------------

    def _mlflow_began(self, run: Any, uri: str) -> None:
        if not self.at_work:
            return
        with self._guarded("MLflow"), unwatched():
            found = mlflow.tracked(run, uri, folder=self._folder, cell=self._cell())
            self._keep(found, run, uri)
            self._named(found, lambda: mlflow.name_ours(run, uri, self.ours()))

    def _wandb_began(self, run: Any) -> None:
        # without a configuration it is a run that is switched off
        if not self.at_work or getattr(run, "disabled", False):
            return
        with self._guarded("Weights & Biases"), unwatched():
            found = wandb.tracked(run, folder=self._folder, cell=self._cell())
            self._keep(found, run, "")
            self._named(found, lambda: wandb.name_ours(run, self.ours()))

    def _named(self, found: TrackedRun, name: Callable[[], None]) -> None:
        """Have the tracker's record name our run; where it refuses, ours says so."""
        try:
            name()
        except Exception as error:  # noqa: BLE001 - as in `_guarded`
            self.failed(found.tracker, error)
            note = "it does not name our run: the tracker refused"
            self._runs[found.tracker, found.id] = msgspec.structs.replace(found, named=False, note=note)
            self._written = -1

    def keep(self, run: TrackedRun) -> None:
        """Keep a run that a tracker has told by itself."""
        self._keep(msgspec.structs.replace(run, cell=run.cell or self._cell()), None, "")

    def _keep(self, found: TrackedRun, run: Any, uri: str) -> None:
        with self._lock:
            self._runs.setdefault((found.tracker, found.id), found)
            if run is not None:
                self._fresh.append((found.tracker, run, uri))
                self._stores[found.id] = uri
        self._write()

    def failed(self, tracker: str, error: Exception) -> None:
        """Note why a tracker could not be told; the first time it is said below the cell."""
        reason = " ".join(redact(f"{type(error).__name__}: {error}").split())[:300]
        if tracker not in self._failed:
            self._failed.add(tracker)
            self._news.append(
                f"repro: {tracker} could not be told everything of this run: {reason}; our record is whole all the same"
            )

    @contextlib.contextmanager
    def _guarded(self, tracker: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - other people's trackers may raise anything, and their run goes on
            self.failed(tracker, error)

    # -- after a cell ---------------------------------------------------------------------------------

    def after(self, run: CellRun) -> str:
        """Tell the runs that are open what cells have read by now; return what is to be said, if anything."""
        if not self.at_work or run.parent is not None:
            return ""
        with self._guarded("MLflow"):
            active = mlflow.active_run()
            if active is not None and ("MLflow", active[0].info.run_id) not in self._runs:
                self._mlflow_began(*active)  # one that is taken up again
        targets = self._targets()
        if targets:
            self.tell_inputs(targets, most_bytes=SMALL)
        if self._written != len(self._runs):
            self._write()
        news, self._news = "\n".join(self._news), []
        return news

    def _targets(self) -> list[tuple[str, Any, str]]:
        """Return the runs that can be told something: those that began in the cell, and those that are open."""
        with self._lock:
            found, self._fresh = self._fresh, []
        known = {(tracker, _id_of(run)) for tracker, run, _ in found}
        with self._guarded("MLflow"):
            active = mlflow.active_run()
            if active is not None and ("MLflow", active[0].info.run_id) not in known:
                found.append(("MLflow", *active))
        with self._guarded("Weights & Biases"):
            open_run = wandb.active_run()
            found = [each for each in found if each[0] != "Weights & Biases"]
            if open_run is not None and ("Weights & Biases", str(open_run.id)) in self._runs:
                found.append(("Weights & Biases", open_run, ""))
        return found

    def tell_inputs(self, targets: list[tuple[str, Any, str]], *, most_bytes: int) -> None:
        """Tell runs of the inputs that they were not told yet.

        Args:
            targets: Tracker, run and address as the tracker takes it.
            most_bytes: Files of more are not read for their digest; the run says how many that were.
        """
        with unwatched():
            inputs, left = known_inputs(self._session, most_bytes=most_bytes)
            for tracker, run, uri in targets:
                key = (tracker, _id_of(run))
                mine = self._runs.get(key)
                if mine is None:
                    continue
                new = [each for each in inputs if each.name not in mine.inputs]
                with self._guarded(tracker):
                    if new:
                        self._tell(tracker, run, uri, new)
                    note = "" if mine.named else mine.note
                    if left:
                        note = f"{left} large inputs not told yet: `%repro trackers` reads them"
                    self._runs[key] = msgspec.structs.replace(
                        mine, inputs=(*mine.inputs, *(each.name for each in new)), note=note
                    )
                    if self._runs[key] != mine:
                        self._written = -1

    def _tell(self, tracker: str, run: Any, uri: str, inputs: list[KnownInput]) -> None:
        if tracker == "MLflow":
            mlflow.tell_inputs(run.info.run_id, uri, inputs, self.ours())
        else:
            wandb.tell_inputs(run, inputs, self.ours())

    def catch_up(self) -> None:
        """Tell open runs of large inputs too: reads every byte of them."""
        targets = self._targets()
        if targets:
            self.tell_inputs(targets, most_bytes=1 << 62)
        self._write()

    def bundled(self, digest: str) -> None:
        """Put the digest of a bundle that was exported on the runs that this kernel began."""
        self.bundle = digest
        for (tracker, run_id), _ in list(self._runs.items()):
            if tracker == "MLflow":
                with self._guarded(tracker), unwatched():
                    mlflow.tell_bundle(run_id, self._stores[run_id], digest)
        open_run = wandb.active_run()
        if open_run is not None:
            with self._guarded("Weights & Biases"), unwatched():
                wandb.tell_bundle(open_run, digest)

    # -- facts ----------------------------------------------------------------------------------------

    def runs(self) -> tuple[TrackedRun, ...]:
        """Return the runs of trackers that this kernel began, in the order in which they did."""
        with self._lock:
            found = dict(self._runs)
        return (*found.values(), *hydra_jobs(self._session))

    @property
    def _folder(self) -> str:
        return str(self._session.folder())

    def _cell(self) -> str | None:
        running = self._session.running_run()
        return None if running is None or running.before.cell is None else str(running.before.cell)

    def _write(self) -> None:
        """Keep what is known beside the journal, for whoever finds it if the kernel is killed."""
        place = self._session.journal_folder()
        if place is None or not self.run:
            return
        with self._lock, unwatched(), contextlib.suppress(ReproError):  # the journal says what ails the disk
            runs = tuple(self._runs.values())
            write_tracked(place, TrackersFile(kernel=self._session.kernel_id, run=self.run, runs=runs))
            self._written = len(runs)


def _id_of(run: Any) -> str:
    return str(run.info.run_id if hasattr(run, "info") else run.id)
