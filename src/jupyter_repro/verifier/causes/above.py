"""A cell above differed first, and this one stands on it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from . import inputs, rng
from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes", "first_above"]

_Step = tuple[str, "RunCell", bool]
"""A name, the cell that made or changed it, whether it surely did."""


def causes(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    """Yield the first cell above that went another way and that this one stands on."""
    if cell.above is None:
        yield from _unknown(cell, runs)
        return
    path = first_above(cell, runs)
    if not path:
        return
    through = " and ".join(dict.fromkeys(f"`{name}`" for name, _, _ in (path[0], path[-1])))
    root, sure = path[-1][1], all(step[2] for step in path)
    how = "stands" if sure else "may stand"
    told = f"it {how} on {root.label} through {through}; {root.label} {_what(root, runs)}"
    yield Cause("cell above", told, "recorded" if sure else "likely", root.label)


def first_above(cell: RunCell, runs: Runs) -> list[_Step]:
    """Return the steps up to the first cell that went another way by itself; empty if there is none."""
    by_id = {each.id: each for each in runs.before(cell)}
    best: list[_Step] = []
    todo: list[tuple[RunCell, list[_Step]]] = [(cell, [])]
    seen = set()
    while todo:
        at, path = todo.pop(0)
        for name, maker, sure in at.above or ():
            above = by_id.get(maker)
            if above is None or (maker, sure) in seen or above.position >= at.position:
                continue
            seen.add((maker, sure))
            further = [*path, (name, above, sure)]
            if _went_astray(above, runs) and (not best or _rank(further) < _rank(best)):
                best = further
            todo.append((above, further))
    return best


def _rank(path: list[_Step]) -> tuple[bool, int, int]:
    """Order paths: those that are sure, then those that lead furthest up, then the short ones."""
    return not all(step[2] for step in path), path[-1][1].position, len(path)


@functools.lru_cache(maxsize=4096)
def _went_astray(cell: RunCell, runs: Runs) -> bool:
    """Tell whether a cell gave something else, also where it shows nothing of it."""
    return cell.diverged or any(each.certainty == "recorded" for each in _own(cell, runs))


def _own(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    yield from inputs.causes(cell, runs)
    yield from rng.causes(cell, runs)


def _what(cell: RunCell, runs: Runs) -> str:
    if cell.diverged:
        return "differed first" if cell.verdict == "differs" else "failed first"
    why = next(each for each in _own(cell, runs) if each.certainty == "recorded")
    return f"shows no difference, but {why.text.removeprefix('it ')}"


def _unknown(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    first = next((each for each in runs.before(cell) if each.diverged), None)
    if first is not None:
        text = f"{first.label} differed first; whether this cell stands on it is not known"
        yield Cause("cell above", text, "possible", first.label)
