"""What each cell of a canonical run stands on: the cells above whose names it reads, and what cannot be repeated.

Where jupyter_repro watched the run, reads and writes are those that it saw; elsewhere they follow from the sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jupyter_repro.replay.ipython_lines import as_python
from jupyter_repro.replay.names import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_repro.records import Cell, CellRun
__all__ = ["CellFacts", "facts_of_runs", "standing"]


class CellFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel saw of one cell of a canonical run."""

    stands_on: tuple[tuple[str, str, bool], ...] = ()
    """A name, the id of the cell that made or last changed it, and whether it surely did."""
    ops: tuple[str, ...] = ()
    """Operations without a deterministic algorithm that it ran."""
    effects: tuple[str, ...] = ()
    """What it did that cannot be replayed, in words."""


def facts_of_runs(runs: Iterable[CellRun]) -> dict[str, CellFacts]:
    """Return what the record of a kernel tells of each cell, as it last ran."""
    made_by: dict[int, str] = {}
    found: dict[str, CellFacts] = {}
    for run in runs:
        if run.cell is None:
            continue
        made_by[run.order] = run.cell
        above = {
            (use.resource.partition(":")[2], made_by[order], order == use.version.order)
            for use in run.reads
            if use.resource.startswith(("name:", "file:"))
            for order in (use.version.order, *use.version.touched)
            if made_by.get(order, run.cell) != run.cell
        }
        found[run.cell] = CellFacts(
            stands_on=tuple(sorted(above)),
            ops=tuple(dict.fromkeys(use.op for use in run.ops)),
            effects=run.effects,
        )
    return found


def standing(cells: Sequence[Cell], seen: Mapping[str, CellFacts]) -> dict[str, dict[str, Any]]:
    """Return, by cell id, what goes beside the cell's outputs: ``on``, ``seen``, ``unrepeatable``, ``ops``.

    Args:
        cells: The code cells in document order.
        seen: What the kernel saw; cells that are missing there are told by their source.
    """
    by_text = _by_text(cells)
    found = {}
    for cell in cells:
        facts, text = seen.get(cell.id), by_text[cell.id]
        above = text.above if facts is None else facts.stands_on
        found[str(cell.id)] = {
            "on": [list(each) for each in above if each[0] not in by_text[each[1]].imports],
            "seen": facts is not None,
            "unrepeatable": list(dict.fromkeys((*text.unrepeatable, *(facts.effects if facts else ())))),
            "ops": list(facts.ops) if facts else [],
        }
    return found


class _Text(NamedTuple):
    """What a cell's source tells."""

    above: tuple[tuple[str, str, bool], ...]
    imports: frozenset[str]
    """Names that are the same whatever the cell shows."""
    unrepeatable: tuple[str, ...]


def _by_text(cells: Iterable[Cell]) -> dict[str, _Text]:
    """Return for each cell what its source stands on, and what cannot be repeated in it."""
    makers: dict[str, dict[str, bool]] = {}
    uses: dict[str, set[str]] = {}
    modules: set[str] = set()
    """Names that only imports have bound: what a cell does with them makes no cell stand on it."""
    found = {}
    for cell in cells:
        names = analyse(as_python(cell.source))
        for each in names.functions:
            uses.setdefault(each.name, set()).update(each.uses)
        reads = _reached(names.reads | names.mutates | names.may_mutate, uses)
        above = ((name, *maker) for name in sorted(reads) for maker in makers.get(name, {}).items())
        imported = frozenset(name for name, _ in names.imports)
        found[str(cell.id)] = _Text(tuple(above), imported, names.unrepeatable)
        modules = (modules | imported) - (names.writes - imported)
        for name in (names.writes | names.mutates | names.may_mutate) - modules:
            anew = name in names.writes - names.maybe_writes
            makers[name] = {} if anew else makers.get(name, {})
            makers[name][str(cell.id)] = name in names.writes | names.mutates
    return found


def _reached(names: Iterable[str], uses: Mapping[str, set[str]]) -> set[str]:
    """Return the names with those that functions among them use."""
    todo, found = list(names), set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(uses.get(name, ()))
    return found
