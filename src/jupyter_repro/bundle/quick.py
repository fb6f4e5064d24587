"""The quick variant: cells tagged ``repro-smoke``, and what they need.

A cell is needed if it loads or sets jupyter_repro, or if it binds, changes or may change a name that a needed cell
below it reads. Names bound by imports alone need only their import. The kernel of a quick run sees
``JUPYTER_REPRO_QUICK=1``, so that a cell can take fewer epochs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.errors import BadWord
from jupyter_repro.replay.names import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_repro.records import Cell
    from jupyter_repro.replay.names import Names

__all__ = ["QUICK_ENV", "QUICK_TAG", "quick_cells"]

QUICK_TAG = "repro-smoke"
QUICK_ENV = {"JUPYTER_REPRO_QUICK": "1"}

_OURS = re.compile(r"^[ \t]*%(?:re)?load_ext[ \t]+jupyter_repro\b|^[ \t]*%repro\b", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\A\s*%%")


def quick_cells(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return the ids of the cells of the quick variant in document order; empty if no cell is tagged.

    Raises:
        BadWord: A tagged cell is a cell magic or does not compile, so that what it needs is not known.
    """
    tagged = {cell.id for cell in cells if QUICK_TAG in cell.tags}
    if not tagged:
        return ()
    names = {cell.id: _names(cell.source) for cell in cells}
    for cell in cells:
        if cell.id in tagged and not names[cell.id].compiles:
            raise BadWord(
                f"{cell.label} is tagged `{QUICK_TAG}`, and what it needs cannot be read from its source",
                remedy="take the tag away, or write the cell in plain Python",
            )
    ours = {cell.id for cell in cells if _OURS.search(cell.source)}
    needed = _closure([names[cell.id] for cell in cells], [cell.id in tagged | ours for cell in cells])
    last = max(number for number, cell in enumerate(cells) if cell.id in tagged)
    return tuple(
        str(cell.id)
        for number, cell in enumerate(cells)
        if needed[number] and (number <= last or cell.id in tagged)
    )


def _closure(names: Sequence[Names], needed: list[bool]) -> list[bool]:
    """Return which cells are needed: those that are, and those that give what they read.

    What a function uses when it is called may be bound below its definition, and above the last needed cell.
    """
    imported = _only_imported(names)
    changed_by = {each.name: each.changes for found in names for each in found.functions}
    gives = [_gives(found, changed_by) - (imported - found.writes) for found in names]
    grown = True
    while grown:
        grown = False
        wanted: set[str] = set()
        called: set[str] = set()
        for number, found in enumerate(names):
            if needed[number]:
                called = called.union(*(each.uses for each in found.functions))
        for number in range(len(names) - 1, -1, -1):
            if not needed[number] and gives[number] & (wanted | called):
                needed[number] = grown = True
            if needed[number]:
                wanted |= names[number].reads
    return needed


def _gives(found: Names, changed_by: Mapping[str, frozenset[str]]) -> frozenset[str]:
    by_calls = frozenset().union(*(changed_by.get(name, frozenset()) for name in found.calls))
    return found.writes | found.deletes | found.mutates | found.may_mutate | by_calls


def _names(source: str) -> Names:
    plain = source if _CELL_MAGIC.match(source) else _MAGIC.sub(r"\1pass", source)
    return analyse(plain)


def _only_imported(names: Iterable[Names]) -> frozenset[str]:
    """Return the names that imports bind and nothing else: a call through a module changes no value of a cell."""
    bound: set[str] = set()
    imports: set[str] = set()
    for each in names:
        by_import = {name for name, _ in each.imports}
        imports |= by_import
        bound |= each.writes - by_import
    return frozenset(imports - bound)
