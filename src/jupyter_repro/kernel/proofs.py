"""``%repro prove``: the proofs of one session, made beside the user's kernel."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import Cancelled, ProofRefused, ReproError
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.reports.proof_text import proof_line, proof_sentence
from jupyter_repro.shadow.proving import ProofOptions, Proving

from .saved import few, shown_later, unsaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.records import CellId, Status
    from jupyter_repro.records.proof import Proof

    from .session import Session

__all__ = ["Proofs"]

_Mark = tuple[str, int]
"""Of a cell: digest of its source, and its last run."""
_IDLE_LOOK_S = 15.0


class Proofs:
    """At most one proof is being made; the last one is kept, with what has changed since.

    Args:
        session: Whose notebook is proven.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._packages = 0
        """How many had changed when the last proof began."""
        self._marks: dict[CellId, _Mark] = {}
        """Of the cells that did not run when the last proof began."""
        self._news = ""
        self._idle: _WhenIdle | None = None
        self.proving: Proving | None = None
        """The one that is being made."""
        self.last: Proof | None = None
        self.fault: ReproError | None = None
        """Why the last one could not be made."""
        self.on_change: list[Callable[[], None]] = []
        """Called, in any thread, whenever something of this is another."""

    # -- making one -----------------------------------------------------------------------------------

    def start(self, options: ProofOptions) -> None:
        """Begin one in the background.

        Raises:
            NoNotebook: The front end does not tell the notebook's path.
            ProofRefused: One is being made, or the file is not what is displayed.
        """
        session = self._session
        notebook = session.notebook()
        with self._lock:
            if self.proving is not None:
                raise ProofRefused(
                    f"a proof is being made ({self.proving.step})",
                    remedy="wait for it, or end it with `%repro prove cancel`",
                )
            later = unsaved(session, notebook) or shown_later(session, notebook)
            if later:
                raise ProofRefused(
                    f"`{notebook.name}` was saved before {few(later)} last ran, so it does not hold what is displayed",
                    remedy="save the notebook and prove again",
                )
            marks, packages = self._marks_now(), len(session.package_changes())
            proving = self.proving = Proving(notebook, options, lambda _step: self._changed())
            self._thread = threading.Thread(
                target=self._run, args=(proving, marks, packages), name="jupyter_repro proof", daemon=True
            )
            self._thread.start()
        self._changed()

    def wait(self, *, timeout_s: float | None = None) -> bool:
        """Wait for the one that is being made; return whether it has ended."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def cancel(self) -> bool:
        """End the one that is being made; return whether there was one."""
        proving = self.proving
        if proving is not None:
            proving.cancel()
        return proving is not None

    def _run(self, proving: Proving, marks: dict[CellId, _Mark], packages: int) -> None:
        proof, fault = None, None
        with unwatched():
            try:
                proof = proving.run()
            except ReproError as error:
                fault = error
            except Exception as error:  # noqa: BLE001 - a thread of ours must not print into the user's cell
                fault = ProofRefused(f"the proof failed: {type(error).__name__}: {error}", remedy="report it")
        with self._lock:
            self.proving, self.fault = None, fault
            if proof is not None:
                self.last, self._marks, self._packages = proof, marks, packages
            self._news = "" if isinstance(fault, Cancelled) else f"repro: {fault or proof_line(self.last)}"
        self._changed()
        if self._session.door is not None:
            self._session.door.changed()

    def _changed(self) -> None:
        for listener in list(self.on_change):
            listener()

    # -- what is told ---------------------------------------------------------------------------------

    def take_news(self) -> str:
        """Return the outcome as one line, once."""
        news, self._news = self._news, ""
        return news

    def told(self, status: Status) -> Status:
        """Return the status with the last proof in it."""
        proof = self.last
        if proof is None or proof.notebook != status.document.path:
            return status
        since = self._since(status)
        if since or (proof.reproduced and status.verdict != "reproduced"):
            return msgspec.structs.replace(status, proof=proof, proof_since=since)
        return msgspec.structs.replace(
            status,
            proof=proof,
            verdict="reproduced" if proof.reproduced else "differs",
            headline=proof_sentence(proof),
        )

    def _since(self, status: Status) -> str:
        """Say what has changed since the last proof, or nothing."""
        labels = {cell.id: cell.label for cell in self._session.document().cells}
        now, then = self._marks_now(running=True), self._marks
        for cell, (digest, order) in then.items():
            if cell not in now:
                return "a cell was deleted"
            if now[cell][0] != digest:
                return f"{labels[cell]} was edited"
            if now[cell][1] != order:
                return f"{labels[cell]} ran again"
        if [cell for cell in now if cell in then] != list(then):
            return "cells were moved"
        if any(cell.verdict == "input changed" for cell in status.cells):
            return "an input changed"
        if len(self._session.package_changes()) != self._packages:
            return "a package changed"
        return ""

    def _marks_now(self, *, running: bool = False) -> dict[CellId, _Mark]:
        session = self._session
        left_out: frozenset[CellId] = frozenset() if running else session.running_cells()
        runs = session.ledger.runs.by_cell
        return {
            cell.id: (cell.digest, max((run.order for run in runs.get(cell.id, ())), default=0))
            for cell in session.document().cells
            if cell.id not in left_out
        }

    # -- by itself ------------------------------------------------------------------------------------

    def when_idle(self, seconds: float | None, options: ProofOptions) -> None:
        """Prove by itself whenever no cell has run for so long; None: no more."""
        if self._idle is not None:
            self._idle.stop()
        self._idle = None if seconds is None else _WhenIdle(self, self._session, seconds, options)

    def close(self) -> None:
        """End everything."""
        self.when_idle(None, ProofOptions())
        self.cancel()


class _WhenIdle:
    """Starts a proof when the kernel has been idle for a while and the notebook is saved."""

    def __init__(self, proofs: Proofs, session: Session, seconds: float, options: ProofOptions) -> None:
        self._proofs = proofs
        self._session = session
        self._seconds = seconds
        self._options = options
        self._ended = threading.Event()
        self._tried: object = None
        threading.Thread(target=self._look, name="jupyter_repro idle", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(min(_IDLE_LOOK_S, self._seconds)):
            # what fails (a notebook that is half written) may be well at the next look
            with unwatched(), contextlib.suppress(Exception):
                self._maybe()

    def _maybe(self) -> None:
        session = self._session
        last = session.ledger.runs[-1] if len(session.ledger.runs) else None
        if last is None or session.busy or self._proofs.proving is not None:
            return
        if time.time() - (last.started + last.duration_s) < self._seconds or self._tried == last.order:
            return
        try:
            self._proofs.start(self._options)
        except ProofRefused:
            return  # not saved yet: the next look finds out
        self._tried = last.order
