"""How far an export has come: typed events with the step, the cell, the time and what is left of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import msgspec

from .stopping import go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jupyter_repro.verifier.execute import Event

__all__ = ["ExportEvent", "Journey", "StepName", "span"]

StepName = Literal["read", "run", "calibrate", "quick", "lock", "gather", "write"]

_SAID: dict[StepName, str] = {
    "read": "reading the notebook",
    "run": "running the notebook in a fresh kernel",
    "calibrate": "learning what is volatile",
    "quick": "running the quick variant",
    "lock": "locking the environment",
    "gather": "collecting the files",
    "write": "writing the bundle",
}
_MINUTE = 60
_LONG = 90


class ExportEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of an export."""

    step: StepName
    number: int
    """Of the step, from 1."""
    of: int
    text: str
    """What is done now, in words."""
    cell: str | None = None
    """The label of the cell that runs."""
    cell_number: int = 0
    cells: int = 0
    elapsed_s: float = 0.0
    remaining_s: float | None = None
    """Seconds of cells still to run, by the times of earlier runs; None: a cell has none."""

    def sentence(self) -> str:
        """Return it as one line."""
        left = f", about {span(self.remaining_s)} of cells left" if self.remaining_s else ""
        return f"[{self.number}/{self.of}] {self.text}{left}"


class Journey:
    """The steps of one export, told to a listener; each is a moment at which it can be ended.

    Args:
        listener: Called with each event; None: nobody listens.
        steps: The names of the steps to come, in order.
        passes: How often the whole notebook will be run.
        expected: Seconds that cells took before, by id.
        clock: Seconds since any moment.
    """

    def __init__(
        self,
        listener: Callable[[ExportEvent], None] | None,
        steps: Sequence[StepName],
        *,
        passes: int = 1,
        expected: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._steps = tuple(steps)
        self._passes = passes
        self._expected = dict(expected or {})
        self._clock = clock
        self._started = clock()
        self._step: StepName = self._steps[0]
        self._order: tuple[str, ...] = ()
        self.durations: dict[str, float] = {}
        """Seconds that cells took in this export's first run, by id."""

    def begin(self, step: StepName, text: str = "") -> None:
        """Come to a step."""
        self._step = step
        self.tell(text or _SAID[step])

    def tell(self, text: str) -> None:
        """Say how the step goes."""
        self._say(text)

    def about(self, cells: Sequence[str]) -> None:
        """Begin a pass through these cells, by id."""
        self._order = tuple(cells)

    def cell(self, event: Event, label: str) -> None:
        """A cell begins or has ended."""
        if event.kind == "end":
            if event.ended in {"ok", "error"} and event.cell not in self.durations:
                self.durations[event.cell] = self._expected[event.cell] = event.duration_s
            if event.position == event.total:
                self._passes -= 1
            go_on()
            return
        number = self._order.index(event.cell) + 1 if event.cell in self._order else event.position
        of = len(self._order)
        # a variant runs some cells only, and they keep their names
        place = f" of {of}" if label == f"cell {number}" else f" ({number} of {of})"
        self._say(
            f"running {label}{place}",
            cell=label,
            number=number,
            remaining=self._remaining(event.cell),
        )

    def _remaining(self, cell: str) -> float | None:
        at = self._order.index(cell) if cell in self._order else 0
        left = self._sum(self._order[at:])
        again = self._sum(self._order) if self._passes > 1 else 0.0
        return None if left is None or again is None else left + again * (self._passes - 1)

    def _sum(self, cells: Sequence[str]) -> float | None:
        known = [self._expected.get(cell) for cell in cells]
        return None if None in known else sum(each for each in known if each is not None)

    def _say(
        self, text: str, *, cell: str | None = None, number: int = 0, remaining: float | None = None
    ) -> None:
        go_on()
        if self._listener is None:
            return
        self._listener(
            ExportEvent(
                step=self._step,
                number=self._steps.index(self._step) + 1,
                of=len(self._steps),
                text=text,
                cell=cell,
                cell_number=number,
                cells=len(self._order) if cell else 0,
                elapsed_s=self._clock() - self._started,
                remaining_s=remaining,
            )
        )


def span(seconds: float) -> str:
    """Return a length of time in words: ``40 s``, ``3 min``, ``2.5 h``."""
    if seconds < _LONG:
        return f"{max(1, round(seconds))} s"
    if seconds < _LONG * _MINUTE:
        return f"{round(seconds / _MINUTE)} min"
    return f"{seconds / _MINUTE / _MINUTE:.1f} h"
