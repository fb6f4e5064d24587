"""One kernel life of one shell: the one mutable object behind every door."""

from __future__ import annotations

import functools
import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import ImportWatch, complete
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.records import Use
from jupyter_repro.replay.ledger import Ledger

from .boundary import Boundary
from .down_the_page import DownThePage
from .governing import Governing
from .hooks import Hooks
from .interrupts import Interrupts
from .keeping import Keeping
from .namespace import ShellNames
from .notices import Notices, say
from .recording import Recording
from .whereabouts import Whereabouts

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.inputs.hashing import Progress
    from jupyter_repro.records import (
        Cell,
        CellId,
        CellRun,
        Document,
        Environment,
        SeedPlan,
        Setting,
        Status,
        Twins,
        Version,
    )
    from jupyter_repro.records.catalog import RunNote
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.inputs import SeenInputs
    from jupyter_repro.records.packages import PackageChange
    from jupyter_repro.replay.names import Names
    from jupyter_repro.replay.open_run import OpenRun

    from .channel.door import Door
    from .proofs import Proofs
    from .requests import Govern
    from .standing import Standing
    from .tracing import Tracing
    from .tracking import Tracking

__all__ = ["Session"]

_TRACKERS = ("mlflow", "wandb")
"""After whose import their runs are followed."""


class Session:
    """What one shell has run, what is governed in it, and what follows.

    All entries from IPython come through the boundary; all state is behind one lock, since subshells run
    cells in other threads.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._interrupts = Interrupts(shell)
        self.boundary = Boundary(self._interrupts.refuse)
        self.names = ShellNames(shell)
        self.ledger = Ledger(hidden=self.names)
        self.governing = Governing(self.ledger, self.allowed_now)
        self.recording = False
        self.notices_on = True
        """Whether a line is printed when a cell departs from run-all."""
        self.rules_table: dict[str, object] = {}
        """What the configuration decides about rules, as `[tool.jupyter_repro]` does."""
        self.store_told = ""
        """Where records of runs are kept if the project does not say; empty: beside the journal."""
        self.notes: list[RunNote] = []
        """The decision log."""
        self.checkpoints: list[str] = []
        """Those that this kernel has saved, as ``path@digest``."""
        self.whereabouts = Whereabouts(shell)
        self._lock = self.lock = threading.RLock()
        self._hooks = Hooks(shell, self.boundary, begin=self._begin, end=self._end)
        self._runs = Recording(shell, self.ledger, self.names, self.governing, self.folder)
        self._keeping = Keeping(uuid.uuid4().hex[:12], self.folder, self._header)
        self._page = DownThePage()
        self._notices = Notices()
        self._tip: bool | None = None
        self._foretold: CellId | None = None
        """The cell whose departure was said before it ran."""
        self.door: Door | None = None
        """Where front ends come in."""
        self._imported_before = frozenset(sys.modules)
        self._standing: Standing | None = None
        self._proofs: Proofs | None = None
        self.tracing: Tracing | None = None
        self.tracking: Tracking | None = None
        """What follows trackers; None: none was imported."""
        self._tracker_imports = ImportWatch(
            _TRACKERS, self.boundary.guard(self._follow_trackers), lambda _name, _error: None
        )

    # -- life ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to record. Names that exist already were made before recording."""
        with self._lock:
            reason = (
                "was made before recording" if not self.ledger.runs else "was made while `%repro` was off"
            )
            self.ledger.resync(self.shell.user_ns, reason)
            # IPython draws its tip of the day from the user's `random` whenever a front end connects
            self._tip = getattr(self.shell, "enable_tip", None)
            if self._tip:
                self.shell.enable_tip = False
            self._hooks.put_on()
            self._runs.start()
            self.recording = True
            self._tracker_imports.install()
            if any(name in sys.modules and complete(name) for name in _TRACKERS):
                self.boundary.guard(self._follow_trackers)()
            if self.door is not None:
                self.door.follow(on=True)

    def stop(self) -> None:
        """Give back everything that is governed and record no more."""
        with self._lock:
            if self.tracing is not None:
                self.tracing.end()
            self._tracker_imports.uninstall()
            if self.tracking is not None:
                self.tracking.end()
            self.ungovern()
            self._hooks.take_off()
            self._interrupts.forget()
            if self._tip:
                self.shell.enable_tip = True
            self._runs.stop()
            self.recording = False
            if self.door is not None:
                self.door.follow(on=False)

    def close(self) -> None:
        """End the session for good."""
        if self.door is not None:
            self.door.close()
        self.stop()
        if self._standing is not None:
            self._standing.close()
        if self._proofs is not None:
            self._proofs.close()
        self._keeping.close()

    # -- control ------------------------------------------------------------------------------------

    @property
    def plan(self) -> SeedPlan | None:
        """The seed and strictness in force."""
        return self.governing.plan

    def govern(self, wish: Govern, *, from_configuration: bool = False) -> tuple[Setting, ...]:
        """Put a wish in force; what it does not name stays as it is. Return every setting as it is now.

        Args:
            wish: The seed and strictness asked for.
            from_configuration: It holds from before the first cell, also in a fresh kernel.
        """
        with self._lock:
            if not self.recording:
                self.start()
            if wish.notices is not None:
                self.notices_on = wish.notices
            running = self._runs.running
            self.governing.put(wish, running=running, from_configuration=from_configuration)
            return self.settings()

    def ungovern(self) -> None:
        """Give back every RNG state and every switch, bit for bit."""
        with self._lock:
            self.governing.give_back()

    def settings(self) -> tuple[Setting, ...]:
        """Return what was asked for and what is in force."""
        return self.governing.settings()

    # -- watch --------------------------------------------------------------------------------------

    def _begin(self, info: Any) -> None:
        with self._lock, unwatched():
            run, alone = self._runs.begin(info)
            if alone:
                self._foretell(run)
                self._runs.shows()

    def _end(self, result: Any) -> None:
        with self._lock, unwatched():
            done = self._runs.end(result)
            if done is None:
                return
            say(self.governing.ops.explain(result.error_in_exec))
            self._keeping.write((*self.ledger.take_amended(), done))
            self.standing.after(done, self._runs.programs())
            self._say(self.standing.take_news() if self.notices_on else "", None)
            if self._proofs is not None:
                say(self._proofs.take_news())
            if self.tracking is not None:
                say(self.tracking.after(done))
            if done.parent is None:
                self._notice(done)

    def _follow_trackers(self, _name: str = "") -> None:
        from .tracking import tracking_of

        tracking_of(self).begin()

    def _foretell(self, run: OpenRun) -> None:
        """Under ``strict``, say before a cell runs that it is about to be fed what run-all would not."""
        self._foretold = None
        cell = run.before.cell
        if not self.governing.strict or not self.notices_on or cell is None:
            return
        if self._page.goes_on_with(cell, self._place(cell)):
            return
        from . import verdict

        reads = [Use(resource, version) for resource, version in run.reads.items()]
        line = verdict.warn_before(self, self.document(), cell, reads)
        if line:
            self._foretold = cell
            self._say(line, cell)

    def _notice(self, done: CellRun) -> None:
        """Say in one line if this run departs from run-all; silent while cells run down the page."""
        if self._page.ran(done, self._place(done.cell)) or self.plan is None or not self.notices_on:
            return
        from . import verdict

        document = self.document()
        walked = verdict.walk(self, document)
        if walked.ends_like(self.ledger.live):
            self._page.is_mended()
        plan = functools.partial(verdict.plan_of, walked, self)
        foretold = done.cell is not None and done.cell == self._foretold
        silenced = functools.partial(verdict.silenced, self, document)
        line = self._notices.line_for(walked, plan, done.cell, foretold=foretold, silenced=silenced)
        self._say(line, done.cell)

    def _say(self, line: str, cell: CellId | None) -> None:
        """Print the line below the cell, and tell it to the panels."""
        say(line)
        if line and self.door is not None:
            self.door.noticed(line, cell)

    def _place(self, cell: CellId | None) -> int | None:
        """Return where the cell stands in the notebook."""
        return self.whereabouts.position(cell, without=self._page.next_position)

    # -- facts --------------------------------------------------------------------------------------

    def document(self) -> Document:
        """Return the cells in document order, from the panel or the notebook file, whichever is newer."""
        return self.whereabouts.document(self.ledger.runs)

    def status(self, document: Document | None = None, *, environment: bool = True) -> Status:
        """Return all facts at this moment.

        Args:
            document: The cells to judge; None takes the notebook of this kernel.
            environment: Capture the environment as well (tens of milliseconds the first time).
        """
        from . import verdict
        from .tracked_status import with_trackers

        with self._lock, unwatched():
            known = self.standing.known() if environment else None
            status = verdict.status_of(self, document or self.document(), known)
            return with_trackers(self, self.with_proof(status))

    @property
    def standing(self) -> Standing:
        """What the run stands on; followed from the end of the first cell on."""
        if self._standing is None:
            from .followed import standing_of

            self._standing = standing_of(self, self._keeping, self._imported_before)
        return self._standing

    def with_proof(self, status: Status) -> Status:
        """Return a status with what the last proof says of it."""
        return status if self._proofs is None else self._proofs.told(status)

    @property
    def proofs(self) -> Proofs:
        """The proofs of this notebook; none is made before somebody asks."""
        if self._proofs is None:
            from .proofs import Proofs

            self._proofs = Proofs(self)
        return self._proofs

    def environment(self) -> Environment:
        """Return what the run stands on at this moment, with all that can be found out."""
        with self._lock, unwatched():
            return self.standing.now()

    def inputs(self, progress: Progress | None = None) -> SeenInputs:
        """Return the files that cells have read and written, and whom they talked to."""
        from .seen_inputs import seen_inputs

        with self._lock, unwatched():
            return seen_inputs(self, progress)

    def allowed_now(self, code: str) -> str:
        """Return why the cell that runs allows findings of this code, or nothing."""
        from jupyter_repro.rules.allowed import allowance

        return allowance(self.running_source(), code)

    @property
    def busy(self) -> bool:
        """Whether a cell runs at this moment."""
        return self._runs.busy

    def running_source(self) -> str:
        """Return the source of the cell that runs, empty if none does."""
        running = self._runs.running
        return "" if running is None else running.before.source

    def running_run(self) -> OpenRun | None:
        """Return the cell run of this moment."""
        return self._runs.running

    def running_cells(self) -> frozenset[CellId]:
        """Return the cells that run at this moment."""
        with self._lock:
            return self._runs.running_cells()

    def names_of(self, cell: Cell) -> Names:
        """Return what the source of a cell reads and writes."""
        from jupyter_repro.replay.names import analyse_here

        return analyse_here(self.names.python_of(cell.source))

    def fresh_modules(self) -> dict[str, Version]:
        """Return the user's modules as a fresh kernel would import them."""
        return self._runs.fresh_modules()

    def may_set(self, source: str) -> tuple[str, ...]:
        """Return the process settings that a source may set."""
        return self._runs.may_set(source)

    def imported(self, full: str) -> str | None:
        """Return the digest of what an import of this full name gives; None where it is not known without one."""
        return self.ledger.imported(full)

    def notebook(self) -> Path:
        """Return the path of the notebook of this kernel.

        Raises:
            NoNotebook: The front end does not tell it.
        """
        return self.whereabouts.surely()

    @property
    def kernel_id(self) -> str:
        """The name of this kernel life."""
        return self._keeping.kernel_id

    def path(self) -> Path | None:
        """Return the path of the notebook of this kernel, None where the front end does not tell it."""
        return self.whereabouts.path()

    def folder(self) -> Path:
        """Return the folder that relative paths mean: the notebook's, else the one that the session began in."""
        return self.whereabouts.folder()

    def twins(self) -> tuple[Twins, ...]:
        """Return the user's generators that draw the same numbers."""
        from jupyter_repro.rng.twins import find_twins

        users = {name: value for name, value in self.shell.user_ns.items() if not self.names[name]}
        return self.boundary.guard(find_twins)(users) or ()

    def package_changes(self) -> tuple[PackageChange, ...]:
        """Return what was installed or removed while the kernel lived."""
        return () if self._standing is None else self._standing.changes

    def journal_folder(self) -> Path | None:
        """Return where the journal is; None before the first run, or where there is none."""
        return self._keeping.folder

    def opening_drift(self) -> Drift | None:
        """Return what differed at the start from the environment that made the saved outputs, if that is known."""
        return None if self._standing is None else self._standing.drift

    def recording_faults(self) -> tuple[str, ...]:
        """Return why cell runs may be missing from the record."""
        faults = list(self.boundary.failures[-1:])
        if not self.boundary.healthy:
            faults.append("recording stopped after three failures in a row")
        if not self.recording:
            faults.append("`%repro` is off: cells that run now are not recorded")
        return tuple(faults)

    def place(self) -> str:
        """Say where the record is kept, or why it is only in memory."""
        if not self.recording:
            return "not recording: `%repro` is off"
        if self._keeping.fault:
            return f"not recording to disk: {self._keeping.fault}"
        return self._keeping.place or "recording starts with the next cell"

    def _header(self) -> dict[str, str]:
        notebook = self.whereabouts.started_with()
        return {
            "notebook": notebook.name if notebook else "",
            "python": ".".join(str(part) for part in sys.version_info[:3]),
        }
