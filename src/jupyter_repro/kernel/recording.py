"""From the two ends of a cell run to its record."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from jupyter_repro.digest import source_digest
from jupyter_repro.inputs.opened import FileWatch
from jupyter_repro.records import CellId, CellRun, Ending
from jupyter_repro.replay.open_run import After, Before, OpenRun

from . import files
from .inner_runs import InnerRuns
from .lingering import lingering
from .op_watching import effects_of
from .outputs import OutputTap
from .own_streams import place_of
from .training import training_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from jupyter_repro.inputs.opened import Opened
    from jupyter_repro.records import Leak, OpUse, Use, Version
    from jupyter_repro.replay.ledger import Ledger

    from .governing import Governing
    from .namespace import ShellNames
    from .surroundings import At, Surroundings

__all__ = ["Recording"]

_Seen = TypeVar("_Seen", "Leak", "OpUse")

_EFFECTS = {
    "network": "it used the network{hosts}, which may answer otherwise next time",
    "subprocess": "it started another program, which is not seen through",
}


class Recording:
    """Makes a record of each cell run: what it read, wrote, drew, opened, set and showed.

    It is called under the session's lock.

    Args:
        shell: The interactive shell.
        ledger: Where versions are kept.
        names: The shell's own names and its way to read a source.
        governing: Whose streams are looked at.
        folder: Returns the folder that relative paths mean.
    """

    def __init__(
        self,
        shell: Any,
        ledger: Ledger,
        names: ShellNames,
        governing: Governing,
        folder: Callable[[], Path],
    ) -> None:
        self._shell = shell
        self._ledger = ledger
        self._names = names
        self._governing = governing
        self._folder = folder
        self._watch = FileWatch()
        self._outputs = OutputTap(shell)
        self._open: dict[int, tuple[OpenRun, int]] = {}
        """Open runs by the identity of IPython's ``ExecutionInfo``, with the thread they run in."""
        self._around: dict[int, At] = {}
        """What surrounded open runs at their beginning, by their order."""
        self._surroundings: Surroundings | None = None
        self._overlapped: set[int] = set()
        self._inner = InnerRuns()
        self._loading = False

    # -- life ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to watch."""
        self._loading = not self._ledger.runs
        self._watch.start()
        self._governing.streams.observe(on=True)

    def stop(self) -> None:
        """Watch no more."""
        self._watch.stop()
        self._outputs.take_off()
        self._open.clear()  # the run that said `%repro off` is not seen to end
        self._overlapped.clear()
        self._around.clear()
        self._inner.clear()
        if self._surroundings is not None:
            self._surroundings.stop()
            self._surroundings = None
        self._governing.streams.observe(on=False)

    # -- facts --------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a run is open; may be asked by any thread."""
        return bool(self._open)

    @property
    def running(self) -> OpenRun | None:
        """The innermost cell run of this moment."""
        return next(reversed(self._open.values()))[0] if self._open else None

    def running_cells(self) -> frozenset[CellId]:
        """Return the cells that run at this moment."""
        return frozenset(run.before.cell for run, _ in self._open.values() if run.before.cell is not None)

    def fresh_modules(self) -> dict[str, Version]:
        """Return the user's modules as a fresh kernel would import them."""
        return {} if self._surroundings is None else self._surroundings.fresh_modules()

    def may_set(self, source: str) -> tuple[str, ...]:
        """Return the process settings that a source may set."""
        if self._surroundings is None:
            return ()
        return self._surroundings.may_set(source, self._names.python_of(source))

    def programs(self) -> tuple[tuple[str, str], ...]:
        """Return the programs that were started since this was last asked."""
        return self._watch.take_programs()

    # -- the two ends of a run ----------------------------------------------------------------------

    def begin(self, info: Any) -> tuple[OpenRun, bool]:
        """Open a run.

        Args:
            info: IPython's ``ExecutionInfo``.

        Returns:
            The run, and whether it is the only one that is open.
        """
        self._loading = False
        self._governing.settle(running=bool(self._open))
        thread = threading.get_ident()
        if self._open and all(where != thread for _, where in self._open.values()):
            self._overlapped.update(run.order for run, _ in self._open.values())
        parent = next((run.order for run, where in reversed(self._open.values()) if where == thread), None)
        if not self._open:
            cell = getattr(info, "cell_id", None)
            self._governing.enter(place_of(cell, source_digest(info.raw_cell)))
        run = self._opened(info, parent=parent)
        if self._overlapped and parent is None and len(self._open) > 0:
            self._overlapped.add(run.order)
        self._open[id(info)] = (run, thread)
        return run, len(self._open) == 1

    def shows(self) -> None:
        """From here on what is shown is the cell's."""
        self._outputs.begin()

    def end(self, result: Any) -> CellRun | None:
        """Close a run and return its record.

        Args:
            result: IPython's ``ExecutionResult``.
        """
        info = result.info
        if info is None or not info.raw_cell or info.raw_cell.isspace():
            return None  # IPython runs nothing, and tells only of the end
        found = self._open.pop(id(info), None)
        if found is None:
            # the cell that loaded the extension: its beginning was not seen
            return self._closed(self._opened(info, parent=None), result, late=True)
        return self._closed(found[0], result, late=False)

    def _opened(self, info: Any, *, parent: int | None) -> OpenRun:
        raw, cell = info.raw_cell, getattr(info, "cell_id", None)
        # newer IPython passes the source as Python runs it; else it is made again here
        told = getattr(info, "transformed_cell", None)
        before = Before(
            source=raw,
            code=told if isinstance(told, str) else self._names.python_of(raw),
            digest=source_digest(raw),
            cell=CellId(cell) if cell else None,
            rng=self._governing.states_before(),
            started=time.time(),
        )
        self._governing.leaking.begin_run()
        surroundings = self._watched_surroundings()
        run = self._ledger.begin(before, self._shell.user_ns, parent=parent)
        self._around[run.order] = surroundings.begin(before.code, run.may_read, self._shell.user_ns)
        if parent is None:
            self._governing.ops.begin_run(raw)
        return run

    def _closed(self, run: OpenRun, result: Any, *, late: bool) -> CellRun:
        namespace, streams = self._shell.user_ns, self._governing.streams
        for stream, digest in self._governing.base_digests().items():
            self._ledger.seeded_at_import(stream, digest)
        opened = self._watch.take()
        ending, error = _ending(result)
        effects = [_in_words(effect, opened.hosts) for effect in opened.effects]
        effects += self._effects_around(run, late=late)
        if run.parent is None:
            self._governing.ops.end_run()
        ops = self._governing.ops.take()
        effects += effects_of(ops)
        leaked = self._governing.leaking.take(run, namespace)
        effects += leaked.effects
        reads, writes = self._files(run, opened, effects)
        around = self._watched_surroundings().end(
            self._around.pop(run.order), run, namespace, files=bool(reads or writes)
        )
        rng, asked = self._governing.states_after(run)
        reseeded, drew_first = self._governing.take_seeding()
        after = After(
            rng=rng,
            ended=ending,
            error=error,
            duration_s=round(time.time() - run.before.started, 6),
            reads=(*reads, *around.reads),
            writes=(*writes, *around.writes),
            settings=around.sensitive,
            effects=tuple(effects),
            leaks=_at_home(leaked.leaks, run),
            ops=_at_home(ops, run),
            amp=self._governing.ops.take_amp(),
            training=training_of(run.before.source, namespace),
            hosts=opened.hosts,
            derives=leaked.derives,
            reseeded=reseeded,
            drew_first=drew_first,
            asked=asked,
            arrived=streams.arrivals(),
            # of runs inside or beside others, nobody can tell whose output is whose
            failed_line=_failed_line(result, namespace) if ending == "error" else None,
            outputs=None if late or self._open or run.parent is not None else self._outputs.take(),
            shown=getattr(result, "result", None),
        )
        return self._ledger.end(run, self._inner.joined(run, after), namespace)

    def _files(
        self, run: OpenRun, opened: Opened, effects: list[str]
    ) -> tuple[tuple[Use, ...], tuple[tuple[str, str | None], ...]]:
        """Return the files that a run read and wrote, those it asked about among them."""
        names = run.names
        if not (opened.read or opened.written or opened.found or opened.folders or names.asked):
            return (), ()
        namespace = self._shell.user_ns
        from jupyter_repro.replay.asked_paths import worked_out

        asked = {path: worked_out(path, namespace) for path in sorted(names.asked)}
        effects += [
            f"it asks what files are there (`{path}`)" for path, found in asked.items() if found is None
        ]
        ensured = {worked_out(path, namespace) or "" for path in names.ensured}
        return files.versions(
            opened,
            self._ledger.live,
            self._folder(),
            asked=[found for found in asked.values() if found is not None],
            ensured=ensured,
        )

    def _effects_around(self, run: OpenRun, *, late: bool) -> list[str]:
        """Return what else makes the record of a run doubtful."""
        effects = list(lingering(self._shell.user_ns))
        if run.order in self._overlapped:
            self._overlapped.discard(run.order)
            effects.append("another cell ran at the same time")
        if late and self._loading:
            effects.extend(self._names.late_effects(run.before.code))
        elif late:
            effects.append("its beginning was not recorded")
        self._loading = False
        return effects

    def _watched_surroundings(self) -> Surroundings:
        """Follow settings and modules from the first cell on; loading the extension need not wait for it."""
        if self._surroundings is None:
            from .surroundings import Surroundings

            self._surroundings = Surroundings(self._shell, self._ledger, home=str(self._folder()))
            self._surroundings.start()
        return self._surroundings


def _at_home(seen: tuple[_Seen, ...], run: OpenRun) -> tuple[_Seen, ...]:
    """Name the cell as the front end sent it, not as Python runs it, where the line is the run's own."""
    if not seen:
        return ()
    as_run = source_digest(run.before.code)
    return tuple(
        msgspec.structs.replace(each, source=run.before.digest) if each.source == as_run else each
        for each in seen
    )


def _in_words(effect: str, hosts: tuple[str, ...]) -> str:
    text = _EFFECTS.get(effect, effect)
    return text.replace("{hosts}", f" ({', '.join(hosts)})" if hosts else "") if effect == "network" else text


def _ending(result: Any) -> tuple[Ending, str]:
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return "ok", ""
    name = type(error).__name__ if isinstance(error, BaseException) else str(error)
    if result.error_before_exec is not None and isinstance(error, SyntaxError):
        return "not compiled", name
    return ("interrupted" if isinstance(error, KeyboardInterrupt) else "error"), name


def _failed_line(result: Any, namespace: Mapping[str, Any]) -> int | None:
    """Return the line of the cell's own code that raised."""
    error = result.error_in_exec
    # not by attribute, which a class of the user's may answer with code of its own
    trace = (
        BaseException.__dict__["__traceback__"].__get__(error) if isinstance(error, BaseException) else None
    )
    while trace is not None:
        code = trace.tb_frame.f_code
        if trace.tb_frame.f_globals is namespace and code.co_name.startswith(("<module>", "<cell line")):
            return int(trace.tb_lineno)
        trace = trace.tb_next
    return None
