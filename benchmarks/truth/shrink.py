"""The smallest session that still shows what a session shows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from truth.program import Act, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["shrunk"]


def shrunk(program: Program, shows: Callable[[Program], bool], *, most: int = 300) -> Program:
    """Return a small session that still shows it.

    Args:
        program: The session.
        shows: Plays a session and tells whether it shows what is looked for.
        most: How many sessions may be played.
    """
    best = dataclasses.replace(program, acts=tuple(_single(program.acts)))
    left, place = most, 0
    for _ in range(most):
        candidates = list(_smaller(best))
        # go on where the last cut was found: what could not be cut above can seldom be cut now
        order = [*range(min(place, len(candidates)), len(candidates)), *range(min(place, len(candidates)))]
        found = None
        for at in order:
            left -= 1
            if left < 0:
                return best
            if shows(candidates[at]):
                found = at
                break
        if found is None:
            return best
        best, place = candidates[found], found
    return best


def _single(acts: tuple[Act, ...]) -> Iterator[Act]:
    for act in acts:
        if act.do == "run in turn":
            yield from (Act("run", (name,)) for name in act.cells)
        else:
            yield act


def _smaller(program: Program) -> Iterator[Program]:
    """Return sessions with something left out, the biggest cuts first."""
    acts, cells = program.acts, program.cells
    names = list(dict.fromkeys([*(name for name, _ in cells), *(name for act in acts for name in act.cells)]))
    size = max(len(names), len(acts)) // 2
    while size:
        for start in range(0, len(names), size):
            yield _without_cells(program, frozenset(names[start : start + size]))
        for start in range(0, len(acts), size):
            yield dataclasses.replace(program, acts=acts[:start] + acts[start + size :])
        size //= 2
    for at, (name, source) in enumerate(cells):
        for less in _less(source):
            yield dataclasses.replace(program, cells=(*cells[:at], (name, less), *cells[at + 1 :]))
    for at, act in enumerate(acts):
        for less in _less(act.source) if act.do != "touch" else ():
            yield dataclasses.replace(
                program, acts=(*acts[:at], dataclasses.replace(act, source=less), *acts[at + 1 :])
            )


def _without_cells(program: Program, gone: frozenset[str]) -> Program:
    return dataclasses.replace(
        program,
        cells=tuple(cell for cell in program.cells if cell[0] not in gone),
        acts=tuple(act for act in program.acts if gone.isdisjoint(act.cells)),
    )


def _less(source: str) -> Iterator[str]:
    lines = source.split("\n")
    if len(lines) > 1:
        for at in range(len(lines)):
            yield "\n".join(lines[:at] + lines[at + 1 :])
