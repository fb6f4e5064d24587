"""Threads, processor or devices are others than the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes"]


def causes(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    """Yield what the machines differ in; it is likely where all numbers are near the author's."""
    for name, (was, now) in runs.environment.machine.items():
        near = ", and all its numbers are near the author's" if cell.close else ""
        text = f"{name}: {now or 'none'} here, {was or 'none'} on the author's machine{near}"
        yield Cause("machine", text, "likely" if cell.close else "possible")
    for note in runs.environment.notes:
        if not note.startswith("Python"):
            yield Cause("machine", note, "likely" if cell.close else "possible")
