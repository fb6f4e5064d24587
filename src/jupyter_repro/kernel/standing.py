"""What the run stands on: captured beside the cells, told when it is asked for."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.environments.site_watch import SiteWatch
from jupyter_repro.errors import StorageFailed
from jupyter_repro.inputs.audit import unwatched

from .ending import not_at_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from jupyter_repro.environments.gpu_sampler import GpuSampler
    from jupyter_repro.records import CellRun, Environment
    from jupyter_repro.records.configs import Config
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.packages import PackageChange


__all__ = ["Standing"]

_WAIT_S = 0.3
"""The first cells come first: a kernel that ends sooner is not captured."""
_BUSY_S = 2.0
"""How long it is waited for a moment in which no cell runs: there it costs the user nothing."""
_LOOK_S = 0.05
_LOOK_AT_SITES_S = 0.5
"""Nothing is installed faster than that without a program that the cell starts."""


class Standing:
    """Captures the environment of one kernel in a thread, and follows what changes it.

    Args:
        kernel_id: The name of this kernel life.
        folder: Returns the notebook's folder.
        place: Returns where the journal is, None while it is not on disk.
        sources: Returns every source that ran in this kernel and may import.
        python_of: Returns a source as Python runs it.
        before: The modules that were imported before the first cell.
        configs: Returns the configurations that cells work with.
        busy: Returns whether a cell runs.
        opened: Returns what differs from the environment that made the saved outputs; None: nobody recorded before.
        ended: Is told at the end what the kernel stood on then.
    """

    def __init__(  # noqa: PLR0913 - what it asks the session for, all keyword-only
        self,
        kernel_id: str,
        *,
        busy: Callable[[], bool],
        folder: Callable[[], Path],
        place: Callable[[], Path | None],
        sources: Callable[[], Iterable[str]],
        python_of: Callable[[str], str],
        before: frozenset[str],
        opened: Callable[[Environment], Drift | None],
        ended: Callable[[Environment], None],
        configs: Callable[[], tuple[Config, ...]] = tuple,
    ) -> None:
        self._kernel_id = kernel_id
        self._folder = folder
        self._place = place
        self._sources = sources
        self._python_of = python_of
        self._before = before
        self._configs = configs
        self._busy = busy
        self._opened, self._on_end = opened, ended
        self._news = ""
        self.drift: Drift | None = None
        """What differs from the environment that made the saved outputs, as the start told; None: not looked."""
        self._sites = SiteWatch()
        self._looked = 0.0
        self._last: CellRun | None = None
        self._called: dict[str, list[int]] = {}
        self._ended = threading.Event()
        self._writing = threading.Lock()
        self._start: Environment | None = None
        self._captured = 0.0
        self._known: Environment | None = None
        self._latest: Environment | None = None
        self._seen: float | None = None
        self._over: float | None = None
        self._imported: dict[str, None] = {}
        self.changes: tuple[PackageChange, ...] = ()
        """What was installed or removed since the first cell."""
        self.sampler: GpuSampler | None = None
        self.fault = ""
        """Why the record is not on disk, or nothing."""

    # -- life ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to capture in a thread."""
        threading.Thread(target=self.capture_start, name="jupyter_repro environment", daemon=True).start()

    def close(self) -> None:
        """Capture and sample no more."""
        not_at_end(self.at_end)
        self._ended.set()
        if self.sampler is not None:
            self.sampler.stop()

    def at_end(self) -> None:
        """Write down all that the kernel stood on when it ended, who imported what among it."""
        if self._ended.is_set() or self._last is None or self._place() is None:
            return
        self.close()
        from jupyter_repro.environments.imports import modules_now, with_imports

        self._known = None
        found = self.known()
        packages = with_imports(found.packages, modules_now(), named=self._named(), before=self._before)
        conflicts = None if self._latest is None else self._latest.conflicts
        self._latest = msgspec.structs.replace(
            found, packages=packages, conflicts=conflicts, configs=self._configs()
        )
        self._seen = self._over = time.time()
        if self._start is None:
            self._start, self._captured = self._latest, self._over
        self.write()
        self._on_end(self._latest)

    def after(self, run: CellRun, started: Sequence[tuple[str, str]]) -> None:
        """Look at what a cell run has installed and which programs it called: microseconds where it did neither.

        Args:
            run: The run that has ended.
            started: Programs and shell commands that were started in it.
        """
        if self.sampler is not None:
            self.sampler.cell_ended(run.order, run.started)
        self._last = run
        if started or time.monotonic() - self._looked >= _LOOK_AT_SITES_S:
            self._look_at_sites(run)
        if started or "!" in run.source or run.source.startswith("%%"):
            self._note_programs(run, started)
        if "import" in run.source:
            self._note_imports(run.source)

    def _look_at_sites(self, run: CellRun) -> None:
        """Ask the disk what is installed; not at each short cell, since that lets other threads in."""
        moved = self._sites.moved()
        self._looked = time.monotonic()
        if moved:
            from jupyter_repro.records.packages import PackageChange

            self.changes += tuple(
                PackageChange(
                    name=each.name,
                    before=each.before,
                    after=each.after,
                    order=run.order,
                    cell=run.cell,
                    imported=each.imported,
                )
                for each in moved
            )
            self._known = None
            self._write_later()

    def _note_imports(self, source: str) -> None:
        """Keep the modules that a cell has imported by name."""
        from jupyter_repro.process import imported_by

        names = {
            name for name in imported_by(self._python_of(source)) if "." not in name and name in sys.modules
        }
        new = sorted(names - self._imported.keys())
        if new:
            self._imported.update(dict.fromkeys(new))
            self._write_later()

    def _note_programs(self, run: CellRun, started: Sequence[tuple[str, str]]) -> None:
        from jupyter_repro.environments.programs import command_names, named_in

        names = list(named_in(run.source))
        for use, text in started:
            names += [text] if use == "program" else command_names(text)
        for name in dict.fromkeys(names):
            self._called.setdefault(name, []).append(run.order)

    # -- devices ------------------------------------------------------------------------------------

    def sample(self) -> str:
        """Look at the devices every second from now on; return why that cannot be, or nothing."""
        if self.sampler is None:
            from jupyter_repro.environments.gpu_sampler import GpuSampler

            self.sampler = GpuSampler()
        return self.sampler.start()

    def sample_no_more(self) -> None:
        """Look at the devices no more, and keep what was seen."""
        if self.sampler is not None:
            self.sampler.stop()
            self.write()

    # -- facts --------------------------------------------------------------------------------------

    def known(self) -> Environment:
        """Return the environment as last looked at; who imported what, and conflicts, only if :meth:`now` has."""
        if self._last is not None:
            self._look_at_sites(self._last)
        if self._known is None:
            from jupyter_repro.environments.capture import capture_environment

            self._known = capture_environment(self._folder(), called=self._called)
        return msgspec.structs.replace(self._known, changes=self.changes)

    def now(self) -> Environment:
        """Return the environment as it is at this moment, with all that can be found out: half a second."""
        from jupyter_repro.environments.now import completed

        self._known = None
        found = completed(self.known(), named=self._named(), before=self._before)
        self._known = self._latest = msgspec.structs.replace(found, configs=self._configs())
        self._seen = time.time()
        self._write_later()
        return self._latest

    def _named(self) -> tuple[str, ...]:
        from jupyter_repro.process import imported_by

        return tuple(
            dict.fromkeys(name for source in self._sources() for name in imported_by(self._python_of(source)))
        )

    # -- on disk ------------------------------------------------------------------------------------

    def capture_start(self) -> None:
        """Capture what the kernel stood on at its start, and write it down; runs in a thread."""
        with unwatched():
            if self._ended.wait(_WAIT_S) or not self._a_good_moment():
                return
            try:
                from jupyter_repro.environments.capture import capture_environment

                self._captured = time.time()
                self._start = capture_environment(self._folder(), libraries=False, apart=True)
            except Exception as error:  # noqa: BLE001 - a thread of ours must not print into the user's cell
                self.fault = f"the environment could not be captured: {type(error).__name__}: {error}"
                return
        self.write()
        self._look_back(self._start)

    def _look_back(self, start: Environment) -> None:
        """Compare with the environment that made the saved outputs."""
        with unwatched():
            try:
                found = self._opened(start)
                if found is not None:
                    from jupyter_repro.reports.drift_text import drift_line

                    self._news = drift_line(found)
                self.drift = found
            except Exception as error:  # noqa: BLE001 - as above
                self.fault = f"the drift could not be found out: {type(error).__name__}: {error}"

    def take_news(self) -> str:
        """Return the one line on what differs, once, when it is known."""
        news, self._news = self._news, ""
        return news

    def _a_good_moment(self) -> bool:
        """Wait until no cell runs, but not for long; return whether the kernel still lives."""
        for _ in range(round(_BUSY_S / _LOOK_S)):
            if not self._busy():
                break
            if self._ended.wait(_LOOK_S):
                return False
        return True

    def _write_later(self) -> None:
        if self._start is not None:  # else the thread that captures will write
            threading.Thread(target=self.write, name="jupyter_repro environment", daemon=True).start()

    def write(self) -> None:
        """Write what is known of this kernel life beside its journal; where that fails, the reason is kept."""
        place = self._place()
        if self._start is None or place is None:
            return
        from jupyter_repro.records.sidecar import EnvironmentFile
        from jupyter_repro.store.sidecar import write_sidecar

        with unwatched(), self._writing:
            facts = EnvironmentFile(
                kernel=self._kernel_id,
                captured=self._captured,
                start=self._start,
                latest=self._latest,
                seen=self._seen,
                ended=self._over,
                imported=tuple(self._imported),
                changes=self.changes,
                samples=() if self.sampler is None else self.sampler.samples,
            )
            try:
                write_sidecar(place, facts)
            except StorageFailed as error:
                self.fault = str(error)
            else:
                self.fault = ""
