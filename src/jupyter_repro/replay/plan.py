"""The shortest list of cells to run that makes the document reproduced."""

from __future__ import annotations

import bisect
import collections
from typing import TYPE_CHECKING

from jupyter_repro.records import Plan, Version

from .labels import cells_in_words
from .last_result import LAST_RESULT
from .shell_history import is_numbered
from .versions import MISSING, agreement, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jupyter_repro.records import Cell

    from .names import Names
    from .replay import Replay, Replayed

__all__ = ["make_plan"]


def make_plan(replay: Replay, live: Mapping[str, Version], names_of: Callable[[Cell], Names]) -> Plan:
    """Return what to run, in document order, so that every cell becomes reproduced.

    A cell that has to run needs its inputs as run-all would have them. Where the kernel holds another
    value now, the cell that makes the right one has to run as well; where nothing can bring the value
    back (an RNG that moved on, a name that no cell makes), only a restart helps.

    Args:
        replay: The walk.
        live: Versions of all resources as the kernel holds them now.
        names_of: Static reads of a cell's present source.
    """
    wanting = {index for index, cell in enumerate(replay.cells) if cell.verdict.verdict != "reproduced"}
    if not wanting:
        return Plan(kind="nothing", sentence="nothing to do: every cell is reproduced")
    if replay.stops_at is not None:
        cell = next(cell.cell for cell in replay.cells if cell.cell.id == replay.stops_at)
        return _restart(f"Restart & Run All would stop at the error in {cell.label}: mend it first")
    planner = _Planner(replay, live, names_of)
    blocked = planner.close(wanting)
    if not blocked:
        return _run(replay, planner.chosen, why=planner.why)
    # perhaps the others are as they should be, and only doubted for what departs above them
    certain = {index for index in wanting if not _is_only_doubted(replay.cells[index])}
    careful = _Planner(replay, live, names_of)
    if not certain or careful.close(certain):
        return _restart(blocked)
    return _run(replay, careful.chosen, why=careful.why, look_again=True)


def _is_only_doubted(cell: Replayed) -> bool:
    """Tell whether all that a cell read is as run-all would have it, if nothing that departs interferes."""
    run = cell.run
    if cell.verdict.verdict != "unknown" or run is None or run.effects or run.digest != cell.cell.digest:
        return False
    expected = (cell.expected.get(use.resource) for use in run.reads)
    return run.ended == "ok" and all(
        wanted is not None and not wanted.recomputed and agreement(use.version, wanted.version) == "same"
        for use, wanted in zip(run.reads, expected, strict=True)
    )


def _run(replay: Replay, chosen: Iterable[int], *, why: str, look_again: bool = False) -> Plan:
    cells = [replay.cells[index].cell for index in sorted(chosen)]
    labels = cells_in_words([cell.label for cell in cells], most=8)
    order = ", in this order" if len(cells) > 1 else ""
    return Plan(
        kind="run cells",
        cells=tuple(cell.id for cell in cells),
        look_again=look_again,
        why=why,
        sentence=f"run {labels}{order}{', then look again' if look_again else ''}",
    )


def _restart(why: str) -> Plan:
    return Plan(kind="restart and run all", why=why, sentence=f"restart and run all: {why}")


class _Planner:
    """Closes a set of cells under "its inputs must be right" and "who reads its outputs"."""

    def __init__(
        self, replay: Replay, live: Mapping[str, Version], names_of: Callable[[Cell], Names]
    ) -> None:
        self.cells = replay.cells
        self.live = live
        self.names_of = names_of
        self.reads = [self._read_by(cell) for cell in self.cells]
        self.makes = [self._made_by(cell) for cell in self.cells]
        self.readers = _indexed(self.reads)
        self.makers = _indexed(self.makes)
        self.remakers = _indexed(self._remade_by(cell) for cell in self.cells)
        self.shared = {name for cell in self.cells for name in _shared_in(cell)}
        self.chosen: set[int] = set()
        self.why = ""

    def close(self, wanting: set[int]) -> str:
        """Choose all cells that have to run; return why a restart is needed, or an empty string."""
        todo = collections.deque(sorted(wanting))
        while todo:
            index = todo.popleft()
            if index in self.chosen:
                continue
            self.chosen.add(index)
            blocked = self._numbered(index) or self._need_inputs(index, todo)
            if blocked:
                return blocked
            todo.extend(self._readers_of(index))
            if not todo:
                todo.extend(self._overwritten())
        return ""

    def _overwritten(self) -> set[int]:
        """Cells whose values a chosen cell above them will overwrite before a chosen cell below reads them."""
        found = set()
        for index in self.chosen:
            for resource in self.reads[index]:
                maker = self._maker_before(index, resource)
                if maker is None or maker in self.chosen:
                    continue
                above = self.makers[resource]
                if any(other in self.chosen for other in above[: bisect.bisect_left(above, maker)]):
                    found.add(maker)
        return found

    def _numbered(self, index: int) -> str:
        """Return why no further run can give a cell what it reads of the shell's history."""
        numbered = next(filter(is_numbered, self.reads[index]), "")
        return numbered and f"{spelled(numbered)} goes by the numbers of runs"

    def _need_inputs(self, index: int, todo: collections.deque[int]) -> str:
        cell = self.cells[index]
        for resource in self.reads[index]:
            kind = resource.partition(":")[0]
            maker = self._maker_before(index, resource)
            if maker is not None and maker in self.chosen:
                continue
            now = self.live.get(resource, MISSING)
            if kind == "file":
                if maker is not None and self._changed_outside(cell, resource, now):
                    todo.append(maker)
                continue
            wanted = cell.expected.get(resource)
            if wanted is not None and not wanted.recomputed and agreement(now, wanted.version) == "same":
                continue
            if kind == "rng":
                return f"{spelled(resource)} has moved on and cannot be rewound"
            if wanted is None and maker is not None and self._is_latest(maker, now):
                continue
            if maker is None:
                if now == MISSING or wanted is None:
                    continue
                return self._unmade(index, resource)
            todo.append(maker)
        return ""

    @staticmethod
    def _changed_outside(cell: Replayed, file: str, written: Version) -> bool:
        """Tell whether the cell read another content than the notebook had written before it."""
        read = (
            next((use.version for use in cell.run.reads if use.resource == file), None) if cell.run else None
        )
        return (
            cell.run is not None
            and read is not None
            and cell.run.order > written.order
            and read.digest != written.digest
        )

    def _unmade(self, index: int, resource: str) -> str:
        """Say what to do about a value that no cell above makes: run-all has none either."""
        reader, what = self.cells[index].cell.label, spelled(resource)
        below = [maker for maker in self.makers.get(resource, []) if maker > index]
        if not below:
            return f"{reader} reads {what}, which no cell above it makes"
        maker = self.cells[below[0]].cell.label
        return f"first move {maker}, which makes {what}, above {reader}, which reads it"

    def _maker_before(self, index: int, resource: str) -> int | None:
        makers = self.makers.get(resource, [])
        place = bisect.bisect_left(makers, index)
        return makers[place - 1] if place else None

    def _is_latest(self, maker: int, now: Version) -> bool:
        run = self.cells[maker].run
        return run is not None and run.order == now.order and not now.touched

    def _readers_of(self, index: int) -> list[int]:
        """Cells below whose input is new once this one has run, unless its digest is known to stay."""
        run = self.cells[index].run
        fresh = self.makes[index]
        if self.cells[index].verdict.verdict == "reproduced" and run is not None:
            # equal content is not the same object: what shares it has to be made to share it again
            fresh = {
                use.resource
                for use in run.writes
                if use.version.digest is None or use.resource in self.shared
            }
        found: set[int] = set()
        for resource in fresh:
            readers, remakers = self.readers.get(resource, []), self.remakers.get(resource, [])
            place = bisect.bisect_right(remakers, index)
            end = remakers[place] if place < len(remakers) else len(self.cells)
            # the cell that makes it anew may read it first
            found.update(readers[bisect.bisect_right(readers, index) : bisect.bisect_right(readers, end)])
        return sorted(found)

    def _remade_by(self, replayed: Replayed) -> set[str]:
        names = self.names_of(replayed.cell)
        return {f"name:{name}" for name in names.writes - names.maybe_writes - names.reads}

    def _read_by(self, replayed: Replayed) -> list[str]:
        run = replayed.run
        if run is not None and run.digest == replayed.cell.digest:
            return [use.resource for use in run.reads]
        return [f"name:{name}" for name in sorted(self.names_of(replayed.cell).reads)]

    def _made_by(self, replayed: Replayed) -> set[str]:
        names = self.names_of(replayed.cell)
        made = {f"name:{name}" for name in names.writes | names.mutates}
        run = replayed.run
        if run is not None and run.digest == replayed.cell.digest:
            made.update(use.resource for use in run.writes)
            made.update(run.touched)
        elif names.shows != "nothing":
            made.add(LAST_RESULT)
        return made


def _shared_in(replayed: Replayed) -> set[str]:
    """Return the resources that share objects with others after the cell's run."""
    pairs = replayed.run.sharing.after if replayed.run is not None else ()
    return {name for resource, others in pairs for name in (resource, *others)}


def _indexed(resources: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Return, for each resource, the cells that have it, in order."""
    found: dict[str, list[int]] = {}
    for index, several in enumerate(resources):
        for resource in several:
            found.setdefault(resource, []).append(index)
    return found
