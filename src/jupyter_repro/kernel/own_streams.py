"""``per_cell``: every cell draws from (seed, its id), whatever ran before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_repro.records import Setting
from jupyter_repro.rng.named import NAMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_repro.rng.governor import Streams

__all__ = ["OwnStreams", "place_of"]

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What nbformat allows; some front ends send addresses of their own, which differ between machines."""


def place_of(cell: str | None, digest: str) -> str:
    """Return what names a cell in every run of the notebook: its id, else its source.

    Args:
        cell: What the front end calls the cell.
        digest: Digest of its source.
    """
    return cell if cell is not None and _CELL_ID.fullmatch(cell) else f"source {digest}"


class OwnStreams:
    """The streams of the cell that runs, where it has its own.

    Such a cell hangs on the seed and on nothing that ran before it, and later cells do not hang on its
    draws. So its record names one stream only, the root of the streams by name.
    """

    def __init__(self) -> None:
        self.place = ""
        """What names the cell that runs, or ran last."""
        self._begun = False
        """The next run, or the one that is open, has streams of its own."""
        self._verified = False
        self._before: Mapping[str, str | None] | None = None
        """The states that the run with its own streams began with."""

    def begin(self, streams: Streams, place: str) -> None:
        """Seed the streams for a cell."""
        self._verified = streams.begin_cell(place)
        self._begun = True

    def forget(self) -> None:
        """No cell has streams of its own any more."""
        self._begun, self._before = False, None

    def note(self, states: dict[str, str | None]) -> dict[str, str | None]:
        """Keep the states that a run begins with; return those that its record should name."""
        if not self._begun:
            self._before = None
            return states
        self._begun, self._before = False, states
        return _root(states)

    def moved(self, states: Mapping[str, str | None]) -> bool:
        """Tell whether the run with its own streams has drawn from one."""
        before = self._before or {}
        return any(states.get(stream) != state for stream, state in before.items())

    def left(
        self,
        noted: Mapping[str, str | None],
        states: dict[str, str | None],
        asked: frozenset[str],
    ) -> tuple[dict[str, str | None], frozenset[str]]:
        """Return what the record of a run that ends should name, and what it looked at."""
        if self._before is None or noted.keys() != _root(self._before).keys():
            return states, asked
        # a library that came in this run may have been drawn from
        drew = self.moved(states) or states.keys() != self._before.keys()
        self._before = None
        return _root(states), asked | ({NAMED.name} if drew else frozenset())

    def settings(self) -> tuple[Setting, ...]:
        """Say how cells are told apart, and whether the last one began where it should."""
        by_id = not self.place.startswith("source ")
        began = f"cell {self.place}" if by_id else "a cell told by its source"
        return (
            Setting(
                name="seed.per_cell",
                requested="on",
                effective=began if self._verified else "",
                effect="in force" if self._verified else "waiting",
                verified_by="every stream stood where (seed, cell) puts a new generator, the first time"
                if self._verified
                else "not verified: no cell has begun with streams of its own",
                note=""
                if by_id
                else "this front end sends no cell ids: editing a cell changes its numbers, and equal cells"
                " have equal numbers",
            ),
        )


def _root(states: Mapping[str, str | None]) -> dict[str, str | None]:
    return {NAMED.name: states[NAMED.name]} if NAMED.name in states else {}
