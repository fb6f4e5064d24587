"""``%repro trace``: the session's trace, on while its cells run."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

from jupyter_repro.canonical import write_atomic
from jupyter_repro.determinism.trace.compare import compare_traces
from jupyter_repro.determinism.trace.format import read_trace
from jupyter_repro.determinism.trace.tracer import Tracer
from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadWord, ReproError
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.reports.trace_text import comparison_text
from jupyter_repro.store.traces import new_trace, saved_traces, trace_file

from .scoped import head_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_repro.records import Cell

    from .requests import Trace
    from .session import Session

__all__ = ["Tracing", "answer"]


def answer(session: Session, request: Trace) -> str:
    """Do what a ``%repro trace`` line asks for and return what to say.

    Raises:
        BadWord: A trace runs already, none runs, or none has that name.
        BadTrace: A file is no trace.
        StorageFailed: It cannot be written.
    """
    if request.act == "diff":
        with unwatched():
            one, two = (read_trace(trace_file(session.folder(), word)) for word in request.names)
        one.name, two.name = request.names
        return comparison_text(compare_traces(one, two))
    if session.tracing is None:
        session.tracing = Tracing(session)
    tracing: Tracing = session.tracing
    if request.act == "start":
        return tracing.start(request.names[0])
    return tracing.stop(*request.names) if request.act == "stop" else tracing.show()


class Tracing:
    """At most one trace of a session; nothing is put in place while there is none.

    Args:
        session: Whose cells are traced.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tracer: Tracer | None = None
        self._target: Path | None = None
        guard = session.boundary.guard
        self._begin, self._end = guard(self._cell_begins, before_cell=True), guard(self._cell_ends)

    def start(self, name: str) -> str:
        """Trace from here on."""
        if self._tracer is not None:
            raise BadWord(
                f"the trace `{self._tracer.name}` runs already", remedy="end it with `%repro trace stop`"
            )
        with unwatched():
            self._target = new_trace(self._session.folder(), name)
        self._tracer = Tracer(name, self._facts())
        callbacks = self._session.shell.events.callbacks
        callbacks["pre_run_cell"].append(self._begin)
        # before our record looks at the values that the cell leaves
        callbacks["post_run_cell"].insert(0, self._end)
        atexit.register(self.end)
        if self._session.running_source():
            self._tracer.enter()
        return f"repro: tracing torch's operations as `{name}`, until `%repro trace stop`"

    def stop(self, name: str = "") -> str:
        """Write the trace and return what to say of it.

        Args:
            name: The trace that is meant, empty for the one that runs.
        """
        tracer, target = self._tracer, self._target
        if tracer is None or target is None:
            raise BadWord("no trace runs", remedy="begin one with `%repro trace start NAME`")
        if name not in ("", tracer.name):
            raise BadWord(f"the trace that runs is `{tracer.name}`", remedy="end it with `%repro trace stop`")
        self._tracer = self._target = None
        atexit.unregister(self.end)
        callbacks = self._session.shell.events.callbacks
        for event, callback in (("pre_run_cell", self._begin), ("post_run_cell", self._end)):
            callbacks[event] = [each for each in callbacks[event] if each is not callback]
        with unwatched():
            data = tracer.whole(self._facts(), dict(self._cells()))
            write_atomic(target, data)
        size = f"{len(data) / 1000:.1f} kB" if len(data) < 1_000_000 else f"{len(data) / 1e6:.1f} MB"  # noqa: PLR2004 - a MB
        text = f"repro: `{tracer.name}` holds {tracer.ops} operations ({size}): {self._near(target)}"
        if tracer.cut:
            text += "; it reached its limit, what came after is not in it"
        if tracer.fault:
            text += f"; torch could not be traced: {tracer.fault}"
        return text

    def _near(self, path: Path) -> Path:
        """Return the path as it is from the notebook, where it lies below it."""
        folder = self._session.folder()
        return path.relative_to(folder) if path.is_relative_to(folder) else path

    def show(self) -> str:
        """Say what runs and what is saved."""
        running = (
            f"`{self._tracer.name}` runs, {self._tracer.ops} operations so far"
            if self._tracer is not None
            else "no trace runs"
        )
        saved = ", ".join(f"`{name}`" for name in saved_traces(self._session.folder()))
        return f"repro: {running}; saved: {saved or 'none'}"

    def end(self) -> str:
        """End the trace that runs, if one does, and write it; never raises."""
        if self._tracer is None:
            return ""
        try:
            return self.stop()
        except ReproError as error:
            return f"repro: {error}"

    def _cell_begins(self, _info: Any) -> None:
        if self._tracer is not None:
            self._tracer.enter()

    def _cell_ends(self, _result: Any) -> None:
        if self._tracer is not None:
            self._tracer.leave()

    def _facts(self) -> dict[str, str]:
        plan = self._session.plan
        return {"seed": "none" if plan is None or plan.seed is None else str(plan.seed)}

    def _cells(self) -> Iterator[tuple[str, str]]:
        """Yield how each cell is called, by the digests that its code may have when it runs."""
        for cell in self._session.document().cells:
            for code in self._codes(cell):
                yield source_digest(code), cell.label

    def _codes(self, cell: Cell) -> Iterator[str]:
        python_of = self._session.names.python_of
        yield python_of(cell.source)
        if cell.source.lstrip().startswith("%%repro"):
            body = cell.source.partition("\n")[2]
            yield head_of(body, cell.source) + python_of(body)
