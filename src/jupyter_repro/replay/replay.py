"""Restart & Run All, simulated over the record of what was really executed.

The document is walked from the top with an imaginary state of every resource. A cell's latest run is
*reproduced* when it ran the present source and every version it read equals the imaginary one. Equal
digests are equal whoever made them (early cutoff, as in build systems: Mokhov, Mitchell, Peyton Jones,
"Build systems à la carte", 2018, verifying traces).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import CellId, CellVerdict, Use, Verdict

from .blame import Comparison, Mismatch, classify
from .file_writes import may_write
from .imaginary import Imaginary
from .labels import verdict_in_words
from .last_result import LAST_RESULT
from .runs import Runs
from .sensitivity import is_among
from .shell_history import Past
from .versions import MISSING, Expected, agreement, listed, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jupyter_repro.records import Cell, CellRun, Document, Version

    from .given import Given

    Judged = tuple[Verdict, tuple[str, ...], tuple[int, ...]]
    """A verdict, its reasons, and the cells behind them."""

__all__ = ["Replay", "Replayed", "foresee", "replay"]

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


class Replayed(msgspec.Struct, frozen=True, gc=False):
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

    base: Mapping[str, Version]
    """What a fresh kernel starts with."""

    def ends_like(self, live: Mapping[str, Version]) -> bool:
        """Tell whether run-all would leave every resource as the kernel holds it now."""
        for resource in live.keys() | self.final.keys():
            if resource == LAST_RESULT or (resource not in self.final and resource.startswith("module:")):
                continue  # as shown last; as imported: what was read of it has been compared
            expected = self.final.get(resource) or Expected(self.base.get(resource, MISSING))
            if expected.recomputed or expected.unsure:
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
    given: Given,
) -> Replay:
    """Return what Restart & Run All would find different, cell by cell.

    Args:
        document: The cells in document order, with their present sources.
        runs: All recorded cell runs, in the order they were made.
        given: What a fresh kernel would begin with and find.
    """
    walk = _Walk(document, runs, given)
    for index in range(len(document.cells)):
        walk.step(index)
    return Replay(cells=tuple(walk.done), stops_at=walk.stops_at, final=walk.imaginary.state, base=given.base)


def foresee(
    document: Document, runs: Sequence[CellRun], given: Given, *, cell: CellId, reads: Sequence[Use]
) -> tuple[Verdict, str] | None:
    """Return what is wrong with what a cell is about to read, before it runs; None if nothing is.

    Args:
        document: The cells in document order, with their present sources.
        runs: All recorded cell runs, in the order they were made.
        given: What a fresh kernel would begin with and find.
        cell: The cell that is about to run.
        reads: What it may read, at the versions that the kernel holds now.
    """
    walk = _Walk(document, runs, given)
    index = walk.index_of.get(cell)
    if index is None:
        return None
    for above in range(index):
        walk.step(above)
    walk.imaginary.past.stand_at(index)
    expected = {use.resource: walk.imaginary.expected(use.resource) for use in reads}
    found = sorted(walk.departures(index, reads, expected), key=lambda m: _RANK.index(m.verdict))
    certain = [mismatch for mismatch in found if mismatch.verdict != "unknown"]
    return (certain[0].verdict, certain[0].sentence) if certain else None


class _Walk:
    """The imaginary kernel."""

    def __init__(
        self,
        document: Document,
        runs: Sequence[CellRun],
        given: Given,
    ) -> None:
        self.given = given
        self.cells = document.cells
        self.runs = Runs.of(runs)
        self.names_of = given.names_of
        past = Past(document.cells, given.names_of)
        self.imaginary = Imaginary(self.runs, given, lambda: map(given.names_of, document.cells), past)

        self.labels = tuple(cell.label for cell in document.cells)
        self.index_of = {cell.id: index for index, cell in enumerate(document.cells)}
        self.runs_of, self._matched = _runs_by_cell(document, self.index_of, self.runs)
        self.done: list[Replayed] = []
        self.stops_at: CellId | None = None

    def owner(self, order: int) -> int | None:
        """Return the place of the cell that a run is of; None: of none that is there now."""
        found = self._matched.get(order)
        run = self.runs.by_order.get(order) if found is None else None
        if run is None or run.parent is not None or run.cell is None:
            return found
        return self.index_of.get(run.cell)

    def step(self, index: int) -> None:
        """Give the cell its verdict and let it change the imaginary state."""
        cell = self.cells[index]
        self.imaginary.past.stand_at(index)
        own = self.runs_of[index]
        latest = own[-1] if own else None
        expected = self._plain_fit(cell, latest) if latest is not None and self.stops_at is None else None
        if latest is not None and expected is not None:
            self._say(index, latest, ("reproduced", (), ()), expected)
            self.imaginary.take(latest, index)
            return
        if self.stops_at is not None:
            self._say(index, latest, ("unknown" if latest else "not run", self._not_reached(), ()))
            return
        if latest is None:
            self._say(index, None, ("not run", (f"{cell.label} has not run in this kernel",), ()))
            self._taint_by_source(index, f"{cell.label}, which has not run,")
            self.imaginary.settle(cell, None, index)
            return
        expected = {use.resource: self.imaginary.expected(use.resource) for use in latest.reads}
        judged = self._judge(index, latest, expected)
        twin, doubts = self._twin(index, latest, judged[0])
        if twin is not None:
            judged = ("unknown", *_told(doubts)) if doubts else ("reproduced", (), ())
            self._say(index, latest, judged, expected)
            self._advance(index, twin, judged[0])
            return
        self._say(index, latest, judged, expected)
        self._advance(index, latest, judged[0])

    def _twin(
        self, index: int, latest: CellRun, verdict: Verdict
    ) -> tuple[CellRun | None, Sequence[Mismatch]]:
        """Return an earlier run that did and showed the very same, and was fed as run-all would, or may.

        With it comes why it may have been fed otherwise.
        """
        if verdict in ("reproduced", "edited", "unknown") or latest.effects or latest.outputs is None:
            return None, ()
        perhaps: tuple[CellRun | None, Sequence[Mismatch]] = (None, ())
        for run, found in self._earlier(index, latest):
            if any(each.verdict != "unknown" for each in found) or not _same_outcome(run, latest):
                continue
            if not found:
                return run, ()
            perhaps = (run, found) if perhaps[0] is None else perhaps
        return perhaps

    def _plain_fit(self, cell: Cell, run: CellRun) -> dict[str, Expected] | None:
        """Return at once what most cells expect: that every read has the digest it had; None otherwise."""
        if run.digest != cell.digest or run.ended != "ok":
            return None
        if run.effects or run.sharing.before or run.sharing.along or run.margin.kept:
            return None
        if self.imaginary.apart and any(self._unread_settings(run)):
            return None
        found = {}
        imagined, expect = self.imaginary.state, self.imaginary.expected
        for use in run.reads:
            resource = use.resource
            if resource == LAST_RESULT and self.imaginary.past.underscores_bound:
                return None
            expected = found[resource] = imagined.get(resource) or expect(resource)
            digest = use.version.digest
            if digest is None or digest != expected.version.digest or expected.unsure or expected.recomputed:
                return None
        return found

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
        return (found[0].verdict, *_told(found))

    def _mismatches(self, index: int, run: CellRun, expected: Mapping[str, Expected]) -> list[Mismatch]:
        unread = [
            Use(resource, self.given.base.get(resource, MISSING)) for resource in self._unread_settings(run)
        ]
        expected = {**expected, **{use.resource: self.imaginary.apart[use.resource] for use in unread}}
        found = self.departures(index, (*run.reads, *unread), expected)
        return found or list(self._shared_otherwise(run))

    def departures(
        self, index: int, reads: Sequence[Use], expected: Mapping[str, Expected]
    ) -> list[Mismatch]:
        """Return which of these reads are not what run-all would feed the cell."""
        compared = (
            Comparison(
                use=use,
                expected=self._as_made_by(use, expected[use.resource]),
                here=index,
                source=self.owner(use.version.order),
                source_gone=self._source_gone(use.resource, use.version.order),
                labels=self.labels,
            )
            for use in reads
        )
        return [mismatch for mismatch in map(classify, compared) if mismatch is not None]

    def _unread_settings(self, run: CellRun) -> Iterator[str]:
        """Yield the settings that run-all would have changed here, and that the run found as at first."""
        sensitive = run.margin.settings
        if not sensitive:
            return
        for resource in self.imaginary.apart:
            if is_among(resource, sensitive) and all(use.resource != resource for use in run.reads):
                yield resource

    def _as_made_by(self, use: Use, expected: Expected) -> Expected:
        """Take the version that was read for the expected one, if two runs made the same."""
        makers = self.runs.makers
        wanted, actual = makers.plain(expected.version), makers.plain(use.version)
        same = (wanted.order, wanted.touched) == (actual.order, actual.touched)
        if same and wanted.digest is None and actual.digest is None:
            return msgspec.structs.replace(expected, version=use.version)
        return expected

    def _shared_otherwise(self, run: CellRun) -> Iterator[Mismatch]:
        """A change in place is seen through every name that shares the object: they must be the same."""
        for resource, others in run.sharing.before:
            would = {name for name in self.imaginary.links.of(resource) if self.imaginary.is_there(name)}
            there = {name for name in others if self.imaginary.is_there(name)}
            if would != there:
                names = listed(spelled(name) for name in sorted(would ^ there))
                yield Mismatch(
                    "unknown",
                    f"it changes {spelled(resource)}, which run-all would not share alike with {names}",
                )

    def _source_gone(self, resource: str, order: int) -> bool:
        """Tell whether the run that made it is of no present cell, or of a source that is edited away."""
        run, index = self.runs.by_order.get(order), self.owner(order)
        if run is None or index is None:
            return True
        if run.digest == self.cells[index].digest or not resource.startswith("name:"):
            return False
        names = self.names_of(self.cells[index])
        name = resource.partition(":")[2]
        return name not in names.writes | names.mutates | names.may_mutate

    def _advance(self, index: int, latest: CellRun, verdict: Verdict) -> None:
        """Let the cell change the imaginary state, by a run that fits if one does."""
        cell, imaginary = self.cells[index], self.imaginary
        fitting = latest if verdict in ("reproduced", "unknown") else self._earlier_fit(index, latest)
        if fitting is None:
            if latest.digest == cell.digest:
                imaginary.taint_by_run(latest, self.names_of(cell), index, cell.label, verdict)
                if latest.ended != "ok":
                    # fed otherwise it may get past its error, to what its source makes below
                    self._taint_by_source(index, f"{cell.label}, which {verdict_in_words(verdict)},")
            else:
                self._taint_by_source(index, f"{cell.label}, which {verdict_in_words(verdict)},")
            imaginary.settle(cell, latest if latest.digest == cell.digest else None, index)
            return
        self._bind_again(index, fitting)
        imaginary.take(fitting, index)
        if verdict == "unknown":
            names = self.names_of(cell)
            maybe = [f"name:{name}" for name in sorted(names.maybe_writes)]
            reason = f"it comes from {cell.label}, which is unknown"
            imaginary.doubt(fitting, index, reason, maybe)
            if names.shows != "nothing" and all(use.resource != LAST_RESULT for use in fitting.writes):
                imaginary.may_show(names, index, cell.label)
            imaginary.unseed(fitting, names, index)
            imaginary.settle(cell, fitting, index)
        if fitting.ended in ("error", "not compiled") and "raises-exception" not in cell.tags:
            self.stops_at = cell.id

    def _taint_by_source(self, index: int, who: str) -> None:
        cell = self.cells[index]
        self.imaginary.taint_by_source(self.names_of(cell), self.given.may_set(cell.source), index, who)
        for resource in may_write(cell.source, self.given.outside):
            self.imaginary.unsure(resource, f"{who} may write it")

    def _bind_again(self, index: int, run: CellRun) -> None:
        """Names that it may have bound to just what they were: by another run of the same, or not surely."""
        for use in run.margin.kept:
            was = self.imaginary.expected(use.resource)
            certain = not was.recomputed and not was.unsure
            if certain and agreement(use.version, was.version) == "same":
                continue
            made = self._bound_by_a_twin(index, run, use)
            if made is None:
                self.imaginary.unsure(use.resource, f"{self.cells[index].label} may bind it again")
            else:
                self.imaginary.state[use.resource] = Expected(made, index)

    def _bound_by_a_twin(self, index: int, run: CellRun, kept: Use) -> Version | None:
        """Return what another run of the cell on the same inputs bound, if it is what was kept."""
        for other in self.runs_of[index]:
            if self.runs.makers.first(other.order) != self.runs.makers.first(run.order):
                continue
            for use in other.writes:
                if use.resource == kept.resource and agreement(use.version, kept.version) == "same":
                    return use.version
        return None

    def _earlier_fit(self, index: int, latest: CellRun) -> CellRun | None:
        return next((run for run, found in self._earlier(index, latest) if not found), None)

    def _earlier(self, index: int, latest: CellRun) -> Iterator[tuple[CellRun, Sequence[Mismatch]]]:
        """Yield earlier runs of the present source, with what run-all would or may feed them otherwise.

        Those that it would surely feed otherwise are left out.
        """
        for run in reversed(self.runs_of[index]):
            if run is latest or run.digest != self.cells[index].digest or run.ended not in ("ok", "error"):
                continue
            if not run.effects and not self._surely_otherwise(run):
                expected = {use.resource: self.imaginary.expected(use.resource) for use in run.reads}
                yield run, self._mismatches(index, run, expected)

    def _surely_otherwise(self, run: CellRun) -> bool:
        """Tell at once of most runs whether some name they read would be another one; False is no answer.

        A cell that was run a hundred times has a hundred earlier runs, and no sentence is needed about any.
        """
        imagined = self.imaginary.state
        for use in run.reads:
            digest, expected = use.version.digest, imagined.get(use.resource)
            if digest is None or expected is None or not use.resource.startswith("name:"):
                continue
            if expected.recomputed or expected.version.digest not in (digest, None):
                return True
        return False

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


def _told(found: Sequence[Mismatch]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the reasons and the cells behind them, each once."""
    because = dict.fromkeys(cell for mismatch in found for cell in mismatch.cells)
    return tuple(dict.fromkeys(mismatch.sentence for mismatch in found)), tuple(because)


def _same_outcome(one: CellRun, other: CellRun) -> bool:
    """Tell whether two runs showed the same and left the same behind, all of it looked into."""
    if (one.outputs, one.ended, one.error) != (other.outputs, other.ended, other.error):
        return False
    if one.touched or other.touched or one.sharing.after != other.sharing.after:
        return False
    changed = {use.resource for run in (one, other) for use in run.writes if use.resource != LAST_RESULT}
    left, right = (_left_by(run, changed) for run in (one, other))
    return left == right and None not in left.values()


def _left_by(run: CellRun, resources: Iterable[str]) -> dict[str, str | None]:
    """Return the digests after a run; what it read and did not change is as it was."""
    after = {use.resource: use.version.digest for use in (*run.reads, *run.writes)}
    return {resource: after.get(resource) for resource in resources}


def _runs_by_cell(
    document: Document, by_id: Mapping[CellId, int], runs: Runs
) -> tuple[list[Sequence[CellRun]], dict[int, int]]:
    """Give each run to its cell: by cell id, else by equal source; return also the places given by source.

    Front ends without ids (a terminal), or with ids that change when the file is read again (VS Code), are
    matched by source; equal sources take their runs in turn.
    """
    by_cell = runs.by_cell
    own: list[Sequence[CellRun]] = [
        by_cell.get(cell.id, ()) if by_id[cell.id] == index else ()  # a damaged file may say an id twice
        for index, cell in enumerate(document.cells)
    ]
    homeless: dict[str, list[int]] = {}
    for index, cell in enumerate(document.cells):
        if not own[index]:
            homeless.setdefault(cell.digest, []).append(index)
    matched: dict[int, int] = {}
    for digest, places in homeless.items():
        free = [run for run in runs.by_source.get(digest, ()) if run.cell not in by_id]
        for number, place in enumerate(places):
            own[place] = free[number :: len(places)]
            matched.update((run.order, place) for run in own[place])
    return own, matched
