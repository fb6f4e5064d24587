"""From the status and the cell runs to the nondeterminism report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.determinism.switches.hash_seed import hash_seed_in_force
from jupyter_repro.digest import source_digest
from jupyter_repro.records import ChanceReport, ChanceSource
from jupyter_repro.rules.allowed import reason_of

from .uncovered import uncovered
from .unseeded import unseeded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jupyter_repro.records import CellId, CellRun, CellVerdict, ChanceKind, Finding, Status

__all__ = ["chance_report"]

_KINDS: dict[str, ChanceKind] = {
    "RP201": "streams", "RP202": "seeds", "RP203": "leaks", "RP204": "leaks", "RP205": "leaks",
    "RP206": "leaks", "RP207": "threads", "RP208": "hash seed", "RP210": "streams", "RP211": "streams",
    "RP301": "settings", "RP302": "operations", "RP303": "mixed precision", "RP701": "training",
    "RP702": "training", "RP703": "training", "RP704": "training",
}  # fmt: skip
_WATCHED = ("RP203", "RP204", "RP205", "RP207", "RP208", "RP302")
"""Codes of sources that the verdict of a cell knows of."""
_LINE = re.compile(r", line (\d+),")
_HASH_SEED = "env.PYTHONHASHSEED"

_Spot = tuple[str, "CellId | None", int]


def chance_report(status: Status, runs: Sequence[CellRun], *, loaded: Collection[str]) -> ChanceReport:
    """Return every source of nondeterminism that was seen, what it did, and what was not looked at.

    Args:
        status: The facts of the moment.
        runs: The cell runs of this kernel.
        loaded: The names of the imported modules.
    """
    cells = {cell.id: cell for cell in status.cells}
    latest = {run.cell or run.digest: run for run in runs if run.parent is None}
    present = tuple(run for run in latest.values() if run.cell is None or run.cell in cells)
    causes = _causes(present, cells)
    sources = (
        *(_source(found, cells, causes) for found in status.findings if found.code in _KINDS),
        *_regions(present, cells),
        *_process(status, loaded),
        *unseeded(status.settings, loaded),
    )
    order = {"error": 0, "warning": 1, "info": 2}
    return ChanceReport(
        notebook=status.document.path,
        verdict=status.verdict,
        headline=status.headline,
        governed=status.governed,
        sources=tuple(sorted(sources, key=lambda each: (order[each.severity], not each.changes))),
        in_force=tuple(row for row in status.settings if row.effect == "in force"),
        uncovered=uncovered(status, present, loaded=loaded),
    )


def _causes(runs: Sequence[CellRun], cells: Mapping[CellId, CellVerdict]) -> dict[_Spot, tuple[CellId, ...]]:
    """Return which cells are unknown because of which line: a function's line is its home's, not the caller's."""
    homes = {source_digest(run.source): run.cell for run in runs}
    found: dict[_Spot, tuple[CellId, ...]] = {}
    for run in runs:
        said = cells.get(run.cell) if run.cell is not None else None
        if said is None or said.verdict != "unknown":
            continue
        seen = [("leak", leak.source, leak.line, leak.what) for leak in run.leaks if not leak.derived]
        seen += [("op", use.source, use.line, use.op) for use in run.ops]
        for family, source, line, what in seen:
            if any(what in why for why in said.why):
                spot = (family, homes.get(source, run.cell), line)
                found[spot] = tuple(dict.fromkeys((*found.get(spot, ()), said.id)))
    return found


def _source(
    found: Finding, cells: Mapping[CellId, CellVerdict], causes: Mapping[_Spot, tuple[CellId, ...]]
) -> ChanceSource:
    message, allowed = reason_of(found)
    line = _LINE.search(message)
    family = "op" if found.code == "RP302" else "leak"
    changes = causes.get((family, found.cell, int(line[1]) if line else 0), ())
    if found.code == "RP201" and found.cell is not None:
        changes = (found.cell,)
    elif found.code not in _WATCHED:
        changes = ()
    spoils = _spoiled(changes, cells)
    if changes:
        effect = "; ".join(
            [f"{cells[each].label} is {cells[each].verdict} because of it" for each in changes]
            + (
                [f"{_labels(spoils, cells)} {'hangs' if len(spoils) == 1 else 'hang'} on it"]
                if spoils
                else []
            )
        )
    elif "derived from the seed" in message:
        effect = "none: a fresh kernel derives the same numbers"
    elif found.code in _WATCHED:
        effect = "not measured: no verdict names it as its reason"
    else:
        effect = "not measured: the verdicts do not tell what it changes"
    return ChanceSource(
        kind="hash seed" if message.startswith(_HASH_SEED) else _KINDS[found.code],
        code=found.code,
        severity=found.severity,
        what=message,
        remedy=found.remedy,
        cell=found.cell,
        allowed=allowed,
        measured=not effect.startswith("not measured"),
        effect=effect,
        changes=changes,
        spoils=spoils,
    )


def _spoiled(changes: Sequence[CellId], cells: Mapping[CellId, CellVerdict]) -> tuple[CellId, ...]:
    """Return the cells that depart because of these, directly or through others."""
    reached = set(changes)
    while True:
        more = {
            cell.id
            for cell in cells.values()
            if cell.verdict != "reproduced" and cell.id not in reached and reached & set(cell.because_of)
        }
        if not more:
            return tuple(each for each in cells if each in reached and each not in changes)
        reached |= more


def _labels(some: Sequence[CellId], cells: Mapping[CellId, CellVerdict]) -> str:
    return ", ".join(cells[each].label for each in some)


def _regions(runs: Sequence[CellRun], cells: Mapping[CellId, CellVerdict]) -> Iterator[ChanceSource]:
    """Yield the lines that open a region of lower precision."""
    for run in runs:
        for region in run.amp.regions if run.amp is not None else ():
            said = cells.get(run.cell) if run.cell is not None else None
            yield ChanceSource(
                kind="mixed precision",
                code="",
                severity="info",
                what=f"{said.label if said else 'a cell'}, line {region.line}, computes in {region.dtype} on {region.device}"
                + (f" ({region.count} times)" if region.count > 1 else ""),
                remedy="keep the type and the device with the results: another card rounds otherwise",
                cell=run.cell,
                effect="not measured: it shows on another device only",
            )


def _process(status: Status, loaded: Collection[str]) -> Iterator[ChanceSource]:
    """Yield what the process leaves open where no setting says it: the hash seed, the number of threads."""
    rows = {row.name: row for row in status.settings}
    if _HASH_SEED not in rows and hash_seed_in_force() is None:
        yield ChanceSource(
            kind="hash seed",
            code="",
            severity="info",
            what="texts hash differently in each kernel, and so go sets of them in another order",
            remedy="`%repro restart` starts the kernel with a fixed hash seed",
            effect="not measured: the lines that go through a set are RP208",
        )
    threads = rows.get("torch.threads") or rows.get("blas.threads")
    if ("torch" in loaded or "numpy" in loaded) and (threads is None or threads.effect != "in force"):
        yield ChanceSource(
            kind="threads",
            code="",
            severity="info",
            what="the number of threads is not pinned: long sums give other last bits with another number",
            remedy="`%repro threads=4`, or `%repro strict`, which keeps the number found",
            effect="not measured: it shows on a machine with another number of cores",
        )
