"""Curves for a terminal: the values of a run over those of its reference, and how far apart they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jupyter_repro.records.golden import Golden

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyter_repro.records.golden import Comparison

__all__ = ["apart", "curves", "differences", "values_of"]

_WIDTH, _HEIGHT = 64, 10
_LABEL = 9


def curves(found: Comparison | Golden, key: str) -> Iterator[str]:
    """Yield a plot of a series: ``·`` the reference, ``x`` this run, ``•`` both at one place."""
    both = not isinstance(found, Golden)
    one = values_of(found.reference if not isinstance(found, Golden) else found, key)
    two = values_of(found.now, key) if not isinstance(found, Golden) else {}
    steps = sorted(one.keys() | two.keys())
    finite = [value for side in (one, two) for value in side.values() if math.isfinite(value)]
    if not steps or not finite:
        return
    low, high = min(finite), max(finite)
    grid = _Grid(steps, low, high if high > low else low + (abs(low) or 1.0))
    for side, mark in ((one, "·"), (two, "x")):
        for step, value in side.items():
            if math.isfinite(value):
                grid.put(step, value, mark)
    legend = "  · reference  x this run  • both" if both else ""
    yield f"  {key}{legend}"
    yield from grid.lines(f"{grid.high:.4g}", f"{low:.4g}")


def differences(found: Comparison, key: str) -> Iterator[str]:
    """Yield a plot of how far the run is from its reference at each step, by powers of ten; ``-`` is the tolerance."""
    rows = apart(found, key)
    positive = [value for _, value, _ in rows if value and math.isfinite(value)]
    limits = [limit for _, _, limit in rows if limit]
    if all(value == 0.0 for _, value, _ in rows):
        return
    sizes = positive + limits or [1.0]
    low, high = math.floor(math.log10(min(sizes))) - 1, math.ceil(math.log10(max(sizes)))
    grid = _Grid([step for step, _, _ in rows], low, max(high, low + 2))
    for step, value, limit in rows:
        if limit:
            grid.put(step, math.log10(limit), "-")
        if not math.isfinite(value):
            grid.put(step, grid.high, "!")
        else:
            grid.put(step, low if not value else max(low, math.log10(value)), "=" if not value else "x")
    marks = "  x this run" + ("  - tolerance" if limits else "") + "  = equal"
    marks += "  ! not finite" if any(not math.isfinite(value) for _, value, _ in rows) else ""
    first = next((each.step for each in found.differences if each.key == key and each.step is not None), None)
    yield f"  {key}: distance from the reference{marks}"
    yield from grid.lines(f"1e{grid.high:+03.0f}", "equal", at=first)


def values_of(golden: Golden, key: str) -> dict[int, float]:
    """Return a series by step."""
    return {step.step: step.values[key] for step in golden.steps if key in step.values}


def apart(found: Comparison, key: str) -> list[tuple[int, float, float]]:
    """Return (step, distance, tolerance) for steps that both runs have; the tolerance is 0 where bits are compared."""
    one, two = values_of(found.reference, key), values_of(found.now, key)
    rows = []
    for step in found.reference.steps:
        if step.step in one and step.step in two:
            was, now = one[step.step], two[step.step]
            limit = 0.0
            if found.judged == "envelope":
                limit = step.tolerance.get(key, 0.0)
            elif found.judged.startswith("rtol=") and math.isfinite(was):
                limit = abs(was) * float(found.judged.removeprefix("rtol="))
            distance = 0.0 if was.hex() == now.hex() else abs(was - now)
            rows.append((step.step, math.inf if math.isnan(distance) else distance, limit))
    return rows


class _Grid:
    """Characters on a plane."""

    def __init__(self, steps: Sequence[int], low: float, high: float) -> None:
        self.low, self.high = low, high
        self._first, self._last = min(steps), max(steps)
        self._cells: dict[tuple[int, int], str] = {}

    def put(self, step: int, value: float, mark: str) -> None:
        """Mark a point; two different marks of curves at one place become ``•``."""
        x = self._column(step)
        part = (value - self.low) / (self.high - self.low)
        y = min(_HEIGHT - 1, max(0, round(part * (_HEIGHT - 1))))
        there = self._cells.get((x, y), mark)
        if {there, mark} == {"·", "x"} or there == "•":
            mark = "•"
        elif there == "x":
            mark = "x"
        self._cells[x, y] = mark

    def lines(self, top: str, bottom: str, *, at: int | None = None) -> Iterator[str]:
        """Yield the plot with its axes; ``at`` is a step that is marked below them."""
        for y in reversed(range(_HEIGHT)):
            label = {_HEIGHT - 1: top, 0: bottom}.get(y, "")
            axis = "┤" if label else "│"
            row = "".join(self._cells.get((x, y), " ") for x in range(_WIDTH)).rstrip()
            yield f"{label:>{_LABEL}} {axis}{row}"
        yield " " * (_LABEL + 1) + "└" + "─" * _WIDTH
        ends = f"step {self._first}", str(self._last)
        yield " " * (_LABEL + 2) + ends[0] + ends[1].rjust(_WIDTH - len(ends[0]))
        if at is not None:
            yield " " * (_LABEL + 2 + self._column(at)) + f"^ step {at}"

    def _column(self, step: int) -> int:
        span = self._last - self._first
        return round((step - self._first) / span * (_WIDTH - 1)) if span else 0
