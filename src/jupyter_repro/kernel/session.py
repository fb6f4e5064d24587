"""One kernel life of one shell: the one mutable object behind every door."""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadNotebook, NoNotebook, StorageFailed
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.records import CellId, CellRun, Document, Ending, SeedPlan, Setting, Status, Use
from jupyter_repro.replay.ledger import After, Before, Ledger, OpenRun
from jupyter_repro.replay.names import Names, analyse
from jupyter_repro.rng.governor import Streams

from . import files
from .boundary import Boundary
from .document import NotebookFile, document_from_runs, notebook_path
from .hooks import Hooks
from .interrupts import Interrupts
from .lingering import lingering
from .namespace import ShellNames
from .notices import Notices, say
from .outputs import OutputTap

if TYPE_CHECKING:
    from jupyter_repro.determinism.apply import Switches
    from jupyter_repro.records import Cell, Environment, Version
    from jupyter_repro.store.journal import Journal

    from .options import Govern
    from .surroundings import At, Surroundings

__all__ = ["Session"]

_EFFECTS = {
    "network": "it used the network, which may answer otherwise next time",
    "subprocess": "it started another program, which is not seen through",
}


class Session:
    """What one shell has run, what is governed in it, and what follows.

    All entries from IPython come through the boundary; all state is behind one lock, since subshells run
    cells in other threads.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.boundary = Boundary()
        self.names = ShellNames(shell)
        self.ledger = Ledger(hidden=self.names)
        self.streams = Streams()
        self._switches: Switches | None = None
        """None until a strictness is asked for."""
        self.plan: SeedPlan | None = None
        self.kernel_id = uuid.uuid4().hex[:12]
        self._lock = threading.RLock()
        self._hooks = Hooks(shell, self.boundary, begin=self._begin, end=self._end)
        self._interrupts = Interrupts(shell, self.boundary)
        self._watch = FileWatch()
        self._outputs = OutputTap(shell)
        self._open: dict[int, tuple[OpenRun, int]] = {}
        self._around: dict[int, At] = {}
        """What surrounded open runs at their beginning, by their order."""
        self._surroundings: Surroundings | None = None
        """Open runs by the identity of IPython's ``ExecutionInfo``, with the thread they run in."""
        self._overlapped: set[int] = set()
        self._reseeded = False
        self._seed_at_first_cell = False
        self._tip: bool | None = None
        self._drew_first: frozenset[str] = frozenset()
        self._foretold: CellId | None = None
        """The cell whose departure was said before it ran."""
        self._notices = Notices()
        self._file: NotebookFile | None = None
        self._told_path: Path | None = None
        self._journal: Journal | None = None
        self._journal_fault = ""
        self._journal_place = ""
        self._linear = True
        self._position = -1
        self._seen: set[str] = set()
        self._environment: Environment | None = None
        self._loading = False
        self.recording = False
        self.notices_on = True
        """Whether a line is printed when a cell departs from run-all."""

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
            self._interrupts.put_on()
            self._loading = not self.ledger.runs
            self._watch.start()
            self.streams.observe(on=True)
            self.recording = True

    def stop(self) -> None:
        """Give back everything that is governed and record no more."""
        with self._lock:
            self.ungovern()
            self._hooks.take_off()
            self._interrupts.take_off()
            if self._tip:
                self.shell.enable_tip = True
            self._watch.stop()
            self._outputs.take_off()
            self._open.clear()  # the run that said `%repro off` is not seen to end
            self._overlapped.clear()
            self._around.clear()
            if self._surroundings is not None:
                self._surroundings.stop()
                self._surroundings = None
            self.streams.observe(on=False)
            self.recording = False

    def close(self) -> None:
        """End the session for good."""
        self.stop()
        if self._journal is not None:
            self._journal.close()

    # -- control ------------------------------------------------------------------------------------

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
            if wish.seed is None and wish.strictness is None:
                return self.settings()
            old = self.plan or SeedPlan()
            plan = SeedPlan(
                seed=old.seed if wish.seed is None else wish.seed,
                strictness=wish.strictness or old.strictness,
            )
            if wish.strictness is not None:
                if self._switches is None:
                    from jupyter_repro.determinism.apply import Switches

                    self._switches = Switches()
                self._switches.begin(plan.strictness)
            if wish.seed is not None:
                self._drew_first = self._drawn_in_open_runs()
                self.streams.begin(wish.seed)
                if from_configuration:
                    self._seed_at_first_cell = True
                    self.ledger.seeded_before_cells(self.streams.base_digests())
                else:
                    self._reseeded = True
            self.plan = plan
            return self.settings()

    def ungovern(self) -> None:
        """Give back every RNG state and every switch, bit for bit."""
        with self._lock:
            self.plan = None
            self._reseeded = False
            self.streams.end()
            if self._switches is not None:
                self._switches.end()
            self.ledger.unseeded()

    def settings(self) -> tuple[Setting, ...]:
        """Return what was asked for and what is in force."""
        switches = () if self._switches is None else self._switches.settings()
        return (*self.streams.settings(), *switches)

    # -- watch --------------------------------------------------------------------------------------

    def _begin(self, info: Any) -> None:
        with self._lock, unwatched():
            self._settle_seeding_outside_cells()
            thread = threading.get_ident()
            if self._open and all(where != thread for _, where in self._open.values()):
                self._overlapped.update(run.order for run, _ in self._open.values())
            parent = next(
                (run.order for run, where in reversed(self._open.values()) if where == thread), None
            )
            run = self._begin_run(info, parent=parent)
            if self._overlapped and parent is None and len(self._open) > 0:
                self._overlapped.add(run.order)
            self._open[id(info)] = (run, thread)
            if len(self._open) == 1:
                self._foretell(run)
                self._outputs.begin()

    def _foretell(self, run: OpenRun) -> None:
        """Under ``strict``, say before a cell runs that it is about to be fed what run-all would not."""
        self._foretold = None
        cell = run.before.cell
        strict = self.plan is not None and self.plan.strictness == "strict"
        if not strict or not self.notices_on or cell is None or self._keeps_linear(cell):
            return
        from . import verdict

        reads = [Use(resource, version) for resource, version in run.reads.items()]
        line = verdict.warn_before(self, self.document(), cell, reads)
        if line:
            self._foretold = cell
            say(line)

    def _settle_seeding_outside_cells(self) -> None:
        """A program that seeded between cells did what a configuration does: it holds from the start."""
        self._loading = False
        if self._seed_at_first_cell and self.plan is not None and self.plan.seed is not None:
            # the front end's first questions may have drawn since (IPython's tip of the day does)
            self._seed_at_first_cell = False
            self.streams.begin(self.plan.seed)
            self.ledger.seeded_before_cells(self.streams.base_digests())
        if self._reseeded and not self._open:
            self._reseeded, self._drew_first = False, frozenset()
            self.ledger.seeded_before_cells(self.streams.base_digests())

    def _begin_run(self, info: Any, *, parent: int | None) -> OpenRun:
        raw, cell = info.raw_cell, getattr(info, "cell_id", None)
        # newer IPython passes the source as Python runs it; else it is made again here
        told = getattr(info, "transformed_cell", None)
        before = Before(
            source=raw,
            code=told if isinstance(told, str) else self.names.python_of(raw),
            digest=source_digest(raw),
            cell=CellId(cell) if cell else None,
            rng=self._states(),
            started=time.time(),
        )
        surroundings = self._watched_surroundings()
        run = self.ledger.begin(before, self.shell.user_ns, parent=parent)
        self._around[run.order] = surroundings.begin(before.code, run.may_read, self.shell.user_ns)
        return run

    def _end(self, result: Any) -> None:
        with self._lock, unwatched():
            info = result.info
            if info is None:
                return
            found = self._open.pop(id(info), None)
            late = found is None
            if found is None:
                # the cell that loaded the extension: its beginning was not seen
                run = self._begin_run(info, parent=None)
            else:
                run, _ = found
            done = self._close_run(run, result, late=late)
            self._write(done)
            if done.parent is None:
                self._notice(done)

    def _close_run(self, run: OpenRun, result: Any, *, late: bool) -> CellRun:
        for stream, digest in self.streams.base_digests().items():
            self.ledger.seeded_at_import(stream, digest)
        opened = self._watch.take()
        ending, error = _ending(result)
        effects = [_EFFECTS.get(effect, effect) for effect in opened.effects]
        effects.extend(lingering(self.shell.user_ns))
        if run.order in self._overlapped:
            self._overlapped.discard(run.order)
            effects.append("another cell ran at the same time")
        if late and self._loading:
            effects.extend(self.names.late_effects(run.before.code))
        elif late:
            effects.append("its beginning was not recorded")
        self._loading = False
        reads, writes = (
            files.versions(opened, self.ledger.live, self.folder())
            if opened.read or opened.written
            else ((), ())
        )
        around = self._watched_surroundings().end(
            self._around.pop(run.order), run, self.shell.user_ns, files=bool(reads or writes)
        )
        after = After(
            rng=self._states(),
            ended=ending,
            error=error,
            duration_s=round(time.time() - run.before.started, 6),
            reads=(*reads, *around.reads),
            writes=(*writes, *around.writes),
            settings=around.sensitive,
            effects=tuple(effects),
            reseeded=self._reseeded,
            drew_first=self._drew_first,
            arrived=self.streams.arrivals(),
            # of runs inside or beside others, nobody can tell whose output is whose
            outputs=None if late or self._open or run.parent is not None else self._outputs.take(),
        )
        self._reseeded, self._drew_first = False, frozenset()
        return self.ledger.end(run, after, self.shell.user_ns)

    def _watched_surroundings(self) -> Surroundings:
        """Follow settings and modules from the first cell on; loading the extension need not wait for it."""
        if self._surroundings is None:
            from .surroundings import Surroundings

            self._surroundings = Surroundings(self.shell, self.ledger, home=str(self.folder()))
            self._surroundings.start()
        return self._surroundings

    def _states(self) -> dict[str, str | None]:
        return dict(self.streams.digests())

    def _drawn_in_open_runs(self) -> frozenset[str]:
        """Streams that the running cell drew from before it reached ``%repro seed=...``."""
        if not self._open:
            return frozenset()
        run, _ = next(reversed(self._open.values()))
        now = self._states()
        return frozenset(s for s, state in now.items() if run.before.rng.get(s) not in (None, state))

    def _notice(self, done: CellRun) -> None:
        """Say in one line if this run departs from run-all; silent while cells run down the page."""
        if self._stays_linear(done) or self.plan is None or not self.notices_on:
            return
        from . import verdict

        walked = verdict.walk(self, self.document())
        if walked.ends_like(self.ledger.live):
            self._linear = True
        plan = verdict.plan_of(walked, self)
        foretold = done.cell is not None and done.cell == self._foretold
        say(self._notices.line_for(walked, plan, done.cell, foretold=foretold))

    def _stays_linear(self, done: CellRun) -> bool:
        """Tell whether the kernel is as run-all would have it after this run, without a walk.

        So it is while every cell runs for the first time and below those that ran before.
        """
        key = done.cell or f"source-{done.digest}"
        first = key not in self._seen
        self._seen.add(key)
        position = self._place(done.cell)
        self._linear = self._linear and first and position is not None and position > self._position
        self._position = max(self._position, -1 if position is None else position)
        return self._linear

    def _keeps_linear(self, cell: CellId) -> bool:
        """Tell whether the kernel goes on down the page if this cell runs now."""
        position = self._place(cell)
        return self._linear and cell not in self._seen and position is not None and position > self._position

    def _place(self, cell: CellId | None) -> int | None:
        """Return where the cell stands in the notebook; where none is known, cells follow one another."""
        if self._notebook() is None:
            return self._position + 1
        self.document()
        return self._file.position(cell) if self._file is not None else None

    # -- facts --------------------------------------------------------------------------------------

    def document(self) -> Document:
        """Return the cells in document order, from the notebook file if one is known."""
        path = self._notebook()
        if path is None:
            return document_from_runs(self.ledger.runs)
        if self._file is None or self._file.path != path:
            self._file = NotebookFile(path)
        try:
            return self._file.document(self.ledger.runs)
        except BadNotebook as error:
            found = document_from_runs(self.ledger.runs)
            return Document(
                cells=found.cells, origin=found.origin, path=str(path), note=f"{error}; {found.note}"
            )

    def status(self, document: Document | None = None, *, environment: bool = True) -> Status:
        """Return all facts at this moment.

        Args:
            document: The cells to judge; None takes the notebook of this kernel.
            environment: Capture the environment as well (tens of milliseconds the first time).
        """
        from . import verdict

        with self._lock, unwatched():
            if environment and self._environment is None:
                from jupyter_repro.environment.capture import capture_environment

                self._environment = capture_environment(self.folder())
            return verdict.status_of(
                self, document or self.document(), self._environment if environment else None
            )

    def running_cells(self) -> frozenset[CellId]:
        """Return the cells that run at this moment."""
        with self._lock:
            return frozenset(run.before.cell for run, _ in self._open.values() if run.before.cell is not None)

    def names_of(self, cell: Cell) -> Names:
        """Return what the source of a cell reads and writes."""
        return analyse(self.names.python_of(cell.source))

    def fresh_modules(self) -> dict[str, Version]:
        """Return the user's modules as a fresh kernel would import them."""
        return {} if self._surroundings is None else self._surroundings.fresh_modules()

    def may_set(self, source: str) -> tuple[str, ...]:
        """Return the process settings that a source may set."""
        return () if self._surroundings is None else self._surroundings.may_set(source)

    def notebook(self) -> Path:
        """Return the path of the notebook of this kernel.

        Raises:
            NoNotebook: The front end does not tell it.
        """
        path = self._notebook()
        if path is None:
            raise NoNotebook(
                "no notebook path is known for this kernel",
                remedy="export from a terminal: `jupyter repro export notebook.ipynb -o paper.repro.zip`",
            )
        return path

    def folder(self) -> Path:
        """Return the folder that relative paths mean: the notebook's, else the working directory."""
        path = self._notebook()
        if path is not None:
            return path.parent
        try:
            return Path.cwd()
        except FileNotFoundError:
            return Path(self._home())

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
        if self._journal_fault:
            return f"not recording to disk: {self._journal_fault}"
        return self._journal_place or "recording starts with the next cell"

    def _notebook(self) -> Path | None:
        if self._told_path is None:
            self._told_path = notebook_path(self.shell.user_ns)
        return self._told_path

    @staticmethod
    def _home() -> str:
        return os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none

    # -- journal ------------------------------------------------------------------------------------

    def _write(self, done: CellRun) -> None:
        try:
            if self._journal is None:
                self._journal = self._open_journal()
            for run in (*self.ledger.take_amended(), done):
                self._journal.append(run)
            self._journal_fault = self._journal.fault
        except StorageFailed as error:
            self._journal_fault = str(error)

    def _open_journal(self) -> Journal:
        from jupyter_repro.store.journal import Journal
        from jupyter_repro.store.place import journal_folder
        from jupyter_repro.store.prune import prune

        place = journal_folder(self.folder())
        journal = Journal.open(place.folder, kernel_id=self.kernel_id, header=self._header())
        self._journal_place = place.sentence
        prune(place.folder)
        return journal

    def _header(self) -> dict[str, str]:
        return {
            "notebook": self._told_path.name if self._told_path else "",
            "python": ".".join(str(part) for part in sys.version_info[:3]),
        }


def _ending(result: Any) -> tuple[Ending, str]:
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return "ok", ""
    name = type(error).__name__ if isinstance(error, BaseException) else str(error)
    if result.error_before_exec is not None and isinstance(error, SyntaxError):
        return "not compiled", name
    return ("interrupted" if isinstance(error, KeyboardInterrupt) else "error"), name
