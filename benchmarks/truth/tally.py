"""Counts over the cells of many sessions."""

from __future__ import annotations

import collections
import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from truth.score import CellScore

__all__ = ["Tally"]


@dataclasses.dataclass
class Tally:
    """Cells by what is true of them and what was said: only cells whose present source ran count.

    Cells that were edited or never run, and cells that run-all does not reach, are counted apart: what to say
    of them is no feat.
    """

    cells: int = 0
    broken: int = 0
    by: collections.Counter[tuple[str, str]] = dataclasses.field(default_factory=collections.Counter)
    """(truth, said) -> cells, truth one of ``same``, ``differs``."""
    apart: collections.Counter[tuple[str, str]] = dataclasses.field(default_factory=collections.Counter)
    """(truth, said) of the others."""

    def add(self, score: CellScore) -> None:
        """Count one cell."""
        self.cells += 1
        self.broken += score.broken_promise
        if score.truth in ("edited", "not run", "not reached"):
            self.apart[score.truth, score.said] += 1
        else:
            self.by["differs" if score.differs else "same", score.said] += 1

    @property
    def judged(self) -> int:
        """Cells whose present source ran and is reached by run-all."""
        return self.by.total()

    @property
    def differing(self) -> int:
        """Cells that run-all would show or leave otherwise."""
        return sum(self.by["differs", said] for said in ("reproduced", "unknown", "flagged"))

    @property
    def flagged(self) -> int:
        """Cells that were flagged."""
        return self.by["differs", "flagged"] + self.by["same", "flagged"]

    @property
    def unknown(self) -> int:
        """Cells of which nothing certain was said."""
        return self.by["differs", "unknown"] + self.by["same", "unknown"]

    @property
    def caught(self) -> float | None:
        """Share of the differing cells that were flagged."""
        return share(self.by["differs", "flagged"], self.differing)

    @property
    def doubted(self) -> float | None:
        """Share of the differing cells that were called unknown."""
        return share(self.by["differs", "unknown"], self.differing)

    @property
    def unknown_share(self) -> float | None:
        """Share of all cells that were called unknown."""
        return share(self.unknown, self.judged)

    @property
    def precision(self) -> float | None:
        """Share of the flagged cells that differ."""
        return share(self.by["differs", "flagged"], self.flagged)


def share(part: int, whole: int) -> float | None:
    """Return part of whole, None of nothing."""
    return part / whole if whole else None
