"""Restart & Run All, simulated over the record of what was really executed.

The document is walked from the top with an imaginary state of every resource. A cell's latest run is
*reproduced* when it ran the present source and every version it read equals the imaginary one. Equal
digests are equal whoever made them (early cutoff, as in build systems: Mokhov, Mitchell, Peyton Jones,
"Build systems à la carte", 2018, verifying traces).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from jupyter_repro.records import CellId, CellVerdict, Verdict, Version

from .blame import Comparison, Mismatch, classify
from .versions import MISSING, UNSEEDED, Expected, agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_repro.records import Cell, CellRun, Document

    from .names import Names

    Judged = tuple[Verdict, tuple[str, ...], tuple[int, ...]]
    """A verdict, its reasons, and the cells behind them."""

__all__ = ["Replay", "Replayed", "replay"]

_RANK: tuple[Verdict, ...] = (
    "hidden state",
    "out of order",
    "not idempotent",
    "stale",
    "rng shifted",
    "input changed",
    "unknown",
)
"""Which verdict names a cell that has several reasons: the most telling first."""


@dataclasses.dataclass(frozen=True)
class Replayed:
    """One cell after the walk."""

    cell: Cell
    verdict: CellVerdict
    run: CellRun | None
    """Its latest run."""
    expected: Mapping[str, Expected]
    """What run-all would have it read, for the resources that its run read."""


@dataclasses.dataclass(frozen=True)
class Replay:
    """What Restart & Run All would find, cell by cell."""

    cells: tuple[Replayed, ...]
    stops_at: CellId | None
    """The cell whose error would stop run-all, if one would."""
    final: Mapping[str, Expected]
    """The imaginary state after the last cell."""

    def ends_like(self, live: Mapping[str, Version]) -> bool:
        """Tell whether run-all would leave every resource as the kernel holds it now."""
        for resource in live.keys() | self.final.keys():
            expected = self.final.get(resource)
            if expected is None or expected.recomputed or expected.unsure:
                return False
            if agreement(live.get(resource, MISSING), expected.version) != "same":
                return False
        return True

    @property
    def verdicts(self) -> tuple[CellVerdict, ...]:
        """The verdicts in document order."""
        return tuple(cell.verdict for cell in self.cells)


def replay(
    document: Document,
    runs: Sequence[CellRun],
    *,
    base: Mapping[str, Version],
    files: Mapping[str, Version],
    names_of: Callable[[Cell], Names],
) -> Replay:
    """Return what Restart & Run All would find different, cell by cell.

    Args:
        document: The cells in document order, with their present sources.
        runs: All recorded cell runs, in the order they were made.
        base: Versions that a fresh kernel starts with (seeded RNGs).
        files: Versions of the input files as they are on disk now.
        names_of: Static reads and writes of a cell's present source.
    """
    walk = _Walk(document, runs, base, files, names_of)
    for index in range(len(document.cells)):
        walk.step(index)
    return Replay(cells=tuple(walk.done), stops_at=walk.stops_at, final=walk.state)


class _Walk:
    """The imaginary kernel."""

    def __init__(
        self,
        document: Document,
        runs: Sequence[CellRun],
        base: Mapping[str, Version],
        files: Mapping[str, Version],
        names_of: Callable[[Cell], Names],
    ) -> None:
        self.cells = document.cells
        self.runs = {run.order: run for run in runs}
        self.base = base
        self.files = files
        self.names_of = names_of
        self.state: dict[str, Expected] = {}
        self.streams = sorted(
            {
                use.resource
                for run in runs
                for use in (*run.reads, *run.writes)
                if use.resource.startswith("rng:")
            }
            | {name for name in base if name.startswith("rng:")}
        )
        self.labels = tuple(cell.label for cell in document.cells)
        self.index_of = {cell.id: index for index, cell in enumerate(document.cells)}
        self.runs_of = _runs_by_cell(document, runs)
        self.owner = {run.order: index for index, own in enumerate(self.runs_of) for run in own}
        self.done: list[Replayed] = []
        self.stops_at: CellId | None = None

    def expected(self, resource: str) -> Expected:
        """Return the resource as the imaginary kernel has it now."""
        found = self.state.get(resource)
        if found is not None:
            return found
        kind = resource.partition(":")[0]
        if kind == "rng":
            return Expected(self.base.get(resource, UNSEEDED))
        if kind == "file":
            return Expected(self.files.get(resource, MISSING))
        return Expected(self.base.get(resource, MISSING))

    def step(self, index: int) -> None:
        """Give the cell its verdict and let it change the imaginary state."""
        cell = self.cells[index]
        own = self.runs_of[index]
        latest = own[-1] if own else None
        if self.stops_at is not None:
            self._say(index, latest, ("unknown" if latest else "not run", self._not_reached(), ()))
            return
        if latest is None:
            self._say(index, None, ("not run", (f"{cell.label} has not run in this kernel",), ()))
            self._taint_by_source(index, f"{cell.label}, which has not run,")
            return
        expected = {use.resource: self.expected(use.resource) for use in latest.reads}
        judged = self._judge(index, latest, expected)
        self._say(index, latest, judged, expected)
        self._advance(index, latest, judged[0])

    def _judge(self, index: int, run: CellRun, expected: Mapping[str, Expected]) -> Judged:
        cell = self.cells[index]
        if run.digest != cell.digest:
            return "edited", (f"the source of {cell.label} is not what ran",), ()
        found = self._mismatches(index, run, expected)
        if run.ended in ("interrupted", "unfinished"):
            found.append(Mismatch("unknown", f"its last run was {run.ended}", ()))
        found.extend(Mismatch("unknown", effect, ()) for effect in run.effects)
        if not found:
            return "reproduced", (), ()
        found.sort(key=lambda mismatch: _RANK.index(mismatch.verdict))
        because = dict.fromkeys(cell for mismatch in found for cell in mismatch.cells)
        return found[0].verdict, tuple(dict.fromkeys(m.sentence for m in found)), tuple(because)

    def _mismatches(self, index: int, run: CellRun, expected: Mapping[str, Expected]) -> list[Mismatch]:
        compared = (
            Comparison(
                use=use,
                expected=expected[use.resource],
                here=index,
                source=self.owner.get(use.version.order),
                source_gone=self._source_gone(use.resource, use.version.order),
                labels=self.labels,
            )
            for use in run.reads
        )
        return [mismatch for mismatch in map(classify, compared) if mismatch is not None]

    def _source_gone(self, resource: str, order: int) -> bool:
        """Tell whether the run that made it is of no present cell, or of a source that is edited away."""
        run, index = self.runs.get(order), self.owner.get(order)
        if run is None or index is None:
            return True
        if run.digest == self.cells[index].digest or not resource.startswith("name:"):
            return False
        names = self.names_of(self.cells[index])
        name = resource.partition(":")[2]
        return name not in names.writes | names.mutates | names.may_mutate

    def _advance(self, index: int, latest: CellRun, verdict: Verdict) -> None:
        """Let the cell change the imaginary state, by a run that fits if one does."""
        fitting = latest if verdict in ("reproduced", "unknown") else self._earlier_fit(index, latest)
        if fitting is None:
            self._taint_by_runs(index, latest, verdict)
            return
        for use in fitting.writes:
            self.state[use.resource] = Expected(use.version, index)
        for resource in fitting.touched:
            was = self.expected(resource)
            touched = Version(None, was.version.order, (*was.version.touched, fitting.order))
            self.state[resource] = dataclasses.replace(was, version=touched)
        if verdict == "unknown":
            label = self.cells[index].label
            for resource in [*(use.resource for use in fitting.writes), *fitting.touched]:
                was = self.state[resource]
                self.state[resource] = dataclasses.replace(
                    was, unsure=f"it comes from {label}, which is unknown"
                )
        if fitting.ended == "error" and "raises-exception" not in self.cells[index].tags:
            self.stops_at = self.cells[index].id

    def _earlier_fit(self, index: int, latest: CellRun) -> CellRun | None:
        for run in reversed(self.runs_of[index]):
            if run is latest or run.digest != self.cells[index].digest or run.ended not in ("ok", "error"):
                continue
            expected = {use.resource: self.expected(use.resource) for use in run.reads}
            if not run.effects and not self._mismatches(index, run, expected):
                return run
        return None

    def _taint_by_runs(self, index: int, latest: CellRun, verdict: Verdict) -> None:
        """The cell would make something else than its latest run did."""
        label = self.cells[index].label
        reason = f"{label}, which is {verdict},"
        for use in latest.writes:
            if use.resource.startswith("rng:"):
                self._unsure(use.resource, f"{reason} draws from it")
            elif not use.resource.startswith("name:") or verdict != "edited":
                self._recompute(use.resource, index, f"it comes from {label}, which is {verdict}")
        for resource in latest.touched:
            self._unsure(resource, f"{reason} may change it")
        self._taint_by_source(index, reason, streams=verdict == "edited")

    def _taint_by_source(self, index: int, who: str, *, streams: bool = True) -> None:
        """A cell of which no run is known to fit changes what its source says, and maybe more."""
        names = self.names_of(self.cells[index])
        for name in names.writes - names.maybe_writes | names.mutates | names.deletes:
            self._recompute(f"name:{name}", index, f"it would come from {who.rstrip(',')}")
        for name in names.maybe_writes | names.may_mutate | names.iterates:
            if f"name:{name}" in self.state and not self.state[f"name:{name}"].recomputed:
                self._unsure(f"name:{name}", f"{who} may change it")
        if names.opaque:
            for resource in [r for r in self.state if r.startswith("name:")]:
                self._unsure(resource, f"{who} may change it")
        if streams and (names.has_calls or names.opaque):
            for stream in self.streams:
                self._unsure(stream, f"{who} may draw from it")

    def _recompute(self, resource: str, index: int, reason: str) -> None:
        self.state[resource] = Expected(Version(None, 0, (), "not computed yet"), index, recomputed=reason)

    def _unsure(self, resource: str, reason: str) -> None:
        was = self.expected(resource)
        self.state[resource] = dataclasses.replace(was, unsure=was.unsure or reason)

    def _not_reached(self) -> tuple[str, ...]:
        stop = self.cells[self.index_of[self.stops_at]] if self.stops_at is not None else None
        return (f"Restart & Run All would stop at the error in {stop.label}",) if stop else ()

    def _say(
        self, index: int, run: CellRun | None, judged: Judged, expected: Mapping[str, Expected] | None = None
    ) -> None:
        verdict, why, because = judged
        cell = self.cells[index]
        said = CellVerdict(
            id=cell.id,
            label=cell.label,
            verdict=verdict,
            why=why,
            because_of=tuple(self.cells[other].id for other in because),
            order=run.order if run else None,
        )
        self.done.append(Replayed(cell, said, run, expected or {}))


def _runs_by_cell(document: Document, runs: Sequence[CellRun]) -> list[list[CellRun]]:
    """Give each run to its cell: by cell id, else by equal source.

    Front ends without ids (a terminal), or with ids that change when the file is read again (VS Code), are
    matched by source; equal sources take their runs in turn.
    """
    by_id = {cell.id: index for index, cell in enumerate(document.cells)}
    counted = [run for run in runs if run.parent is None and run.ended != "not compiled"]
    own: list[list[CellRun]] = [[] for _ in document.cells]
    for run in counted:
        if run.cell in by_id:
            own[by_id[run.cell]].append(run)
    homeless: dict[str, list[int]] = {}
    for index, cell in enumerate(document.cells):
        if not own[index]:
            homeless.setdefault(cell.digest, []).append(index)
    turn: dict[str, int] = {}
    for run in counted:
        places = homeless.get(run.digest)
        if run.cell in by_id or not places:
            continue
        number = turn.get(run.digest, 0)
        turn[run.digest] = number + 1
        own[places[number % len(places)]].append(run)
    return own
