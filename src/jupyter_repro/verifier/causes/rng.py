"""A generator of random numbers that a cell draws from was in another state."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .runs import RunCell, Runs

__all__ = ["causes", "stream_in_words"]

_FROM_ENTROPY = ("python", "numpy", "name:")
"""Streams that begin from the system's entropy where nobody seeds them; torch begins from a number of its own."""
_WORDS = {"python": "Python's `random`", "numpy": "NumPy's global generator", "torch": "torch's generator"}


@dataclasses.dataclass(frozen=True)
class _Stream:
    """How far one stream is known, in both runs."""

    was: str | None = None
    now: str | None = None
    since: RunCell | None = None
    """The cell after which the two were no longer the same."""


def causes(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    """Yield the streams that the cell left in other states, and where they parted."""
    if not (cell.was.known and cell.now.known):
        return
    states = _states(runs)[cell.position]
    for name in sorted(cell.was.streams.keys() | cell.now.streams.keys()):
        if cell.was.streams.get(name) == cell.now.streams.get(name):
            continue
        yield _cause(name, states.get(name, _Stream()), cell, seeded=runs.seeded)


@functools.lru_cache(maxsize=2)
def _states(runs: Runs) -> tuple[dict[str, _Stream], ...]:
    """Return the streams as each cell found them."""
    states: dict[str, _Stream] = {}
    found = []
    for cell in runs.cells:
        states = _after(cell, states, cell.was.entered, cell.now.entered)
        found.append(states)
        states = _after(cell, states, cell.was.streams, cell.now.streams)
    return tuple(found)


def _after(
    cell: RunCell, states: Mapping[str, _Stream], was: Mapping[str, str], now: Mapping[str, str]
) -> dict[str, _Stream]:
    changed = {}
    for name in was.keys() | now.keys():
        before = states.get(name, _Stream())
        one, other = was.get(name, before.was), now.get(name, before.now)
        changed[name] = _Stream(one, other, None if one == other else before.since or cell)
    return {**states, **changed}


def _cause(name: str, found: _Stream, cell: RunCell, *, seeded: bool) -> Cause:
    said = stream_in_words(name)
    if found.since is not None and found.since is not cell:
        quiet = "" if found.since.diverged else ", whose outputs are the same"
        text = f"{said} was in another state when it began, since {found.since.label}{quiet}"
        return Cause("rng", text, "recorded", found.since.label)
    if found.since is cell:
        return Cause("rng", f"{said} was in another state when it began", "recorded")
    if found.was is None and name.startswith(_FROM_ENTROPY) and not (seeded and ":" not in name):
        if ":" in name:
            return Cause(
                "rng", f"{said} begins in another state in each run: it is made without a seed", "recorded"
            )
        text = f"it draws from {said}, which nothing has seeded: each run begins it from the system's entropy"
        return Cause("rng", text, "recorded")
    text = (
        f"it drew another number of values from {said}, or seeded it otherwise, beginning from the same state"
    )
    return Cause("rng", text, "possible")


def stream_in_words(name: str) -> str:
    """Return what a stream is called."""
    kind, _, which = name.partition(":")
    if kind == "name":
        return f"the generator `{which}`"
    if kind == "torch.cuda":
        return f"torch's generator of GPU {which}"
    return _WORDS.get(name, f"the generator `{name}`")
