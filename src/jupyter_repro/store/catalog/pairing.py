"""The cells of two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records.catalog import RanCell, Run

__all__ = ["Pairs", "paired"]

Pairs = list[tuple["RanCell | None", "RanCell | None"]]


def paired(first: Run, second: Run) -> Pairs:
    """Put the cells of two runs side by side: by id, else by source; in the order of the second."""
    by_id = {cell.id: cell for cell in first.cells}
    by_source = {cell.source: cell for cell in first.cells}
    taken: set[str] = set()
    pairs: Pairs = []
    for cell in second.cells:
        partner = by_id.get(cell.id) or by_source.get(cell.source)
        if partner is not None and partner.id in taken:
            partner = None
        if partner is not None:
            taken.add(partner.id)
        pairs.append((partner, cell))
    left = [cell for cell in first.cells if cell.id not in taken]
    return _by_place(pairs, left, list(first.cells))


def _by_place(pairs: Pairs, left: list[RanCell], order: list[RanCell]) -> Pairs:
    """Take an edited cell without an id for the one that stood between the same neighbours."""
    after = {cell.id: order[place - 1].id if place else "" for place, cell in enumerate(order)}
    found: Pairs = []
    for one, other in pairs:
        above = found[-1][0] if found else None
        stood = next((cell for cell in left if after[cell.id] == ("" if above is None else above.id)), None)
        if one is None and stood is not None and (above is not None or not found):
            left.remove(stood)
            found.append((stood, other))
        else:
            found.append((one, other))
    return [*found, *((cell, None) for cell in left)]
