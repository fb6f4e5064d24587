"""The recorded cell runs of one kernel life, and what is found by them without going through them all.

A day of work leaves thousands of runs, and a verdict is asked for after each: what follows from the runs that were
there before is kept, and only the new ones are gone through, when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from .makers import Makers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jupyter_repro.records import CellRun

__all__ = ["Runs"]


class Runs(Sequence["CellRun"]):
    """Cell runs in the order they ended.

    Args:
        runs: Those that are there already.
    """

    def __init__(self, runs: Iterable[CellRun] = ()) -> None:
        self._all = list(runs)
        self._begin()

    @classmethod
    def of(cls, runs: Sequence[CellRun]) -> Runs:
        """Return the runs themselves if they are indexed already."""
        return runs if isinstance(runs, cls) else cls(runs)

    # -- a sequence ---------------------------------------------------------------------------------

    @overload
    def __getitem__(self, place: int) -> CellRun: ...

    @overload
    def __getitem__(self, place: slice) -> list[CellRun]: ...

    def __getitem__(self, place: int | slice) -> CellRun | list[CellRun]:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[CellRun]:
        return iter(self._all)

    def append(self, run: CellRun) -> None:
        """Take a run that has ended."""
        self._all.append(run)

    def amend(self, place: int, run: CellRun) -> None:
        """Put a record that has grown in the place of what it was; this is rare, and everything is indexed anew."""
        self._all[place] = run
        self._begin()

    # -- what is found by them ----------------------------------------------------------------------

    @property
    def by_order(self) -> Mapping[int, CellRun]:
        """The runs by their own count."""
        self._catch_up()
        return self._by_order

    @property
    def by_cell(self) -> Mapping[str, Sequence[CellRun]]:
        """The runs of each cell id that a front end sent, but for those inside others."""
        self._catch_up()
        return self._by_cell

    @property
    def by_source(self) -> Mapping[str, Sequence[CellRun]]:
        """The runs of each source, by its digest, but for those inside others."""
        self._catch_up()
        return self._by_source

    @property
    def makers(self) -> Makers:
        """Runs that made the same."""
        self._catch_up()
        return self._makers

    @property
    def files(self) -> frozenset[str]:
        """The ``file:`` resources that were ever read."""
        self._catch_up()
        return frozenset(self._files)

    @property
    def streams(self) -> frozenset[str]:
        """The ``rng:`` resources that were ever read or written."""
        self._catch_up()
        return frozenset(self._streams)

    @property
    def latest(self) -> Mapping[str, CellRun]:
        """The last run of each cell that could be compiled, in the order of their first ones.

        Where the front end sends no cell ids (a terminal), each different source is a cell.
        """
        self._catch_up()
        return self._latest

    # -- keeping it ---------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._indexed = 0
        self._by_order: dict[int, CellRun] = {}
        self._by_cell: dict[str, list[CellRun]] = {}
        self._by_source: dict[str, list[CellRun]] = {}
        self._makers = Makers()
        self._files: set[str] = set()
        self._streams: set[str] = set()
        self._latest: dict[str, CellRun] = {}

    def _catch_up(self) -> None:
        if self._indexed == len(self._all):
            return
        new = self._all[self._indexed :]
        self._indexed += len(new)
        for run in new:
            self._by_order[run.order] = run
            self._makers.add(run)
            for use in (*run.reads, *run.writes):
                if use.resource.startswith("rng:"):
                    self._streams.add(use.resource)
            self._files.update(use.resource for use in run.reads if use.resource.startswith("file:"))
            if run.parent is not None:
                continue
            if run.cell is not None:
                self._by_cell.setdefault(run.cell, []).append(run)
            self._by_source.setdefault(run.digest, []).append(run)
            if run.ended != "not compiled":
                self._latest[f"source-{run.digest[:12]}" if run.cell is None else run.cell] = run
