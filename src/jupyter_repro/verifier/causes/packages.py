"""A package that is loaded is another than the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes"]

_MOST = 4


def causes(cell: RunCell, runs: Runs) -> Iterator[Cause]:
    """Yield the packages that differ and that had been imported by then."""
    found = runs.environment
    loaded = {name for each in (*runs.before(cell), cell) for name in each.now.modules}
    number = 0
    for package, sentence in [
        *((text.partition(" ")[0], text) for text in found.versions),
        *((name, f"{name} has other bytes than the author's") for name in found.bytes),
    ]:
        modules = found.modules.get(package)
        used = None if modules is None or not cell.now.known else bool(loaded.intersection(modules))
        if used is False or number == _MOST:
            continue
        number += 1
        text = (
            f"{sentence}, and is imported by then" if used else f"{sentence}; whether it is used is not known"
        )
        yield Cause("package", text, "likely" if used else "possible")
    for note in found.notes:
        if note.startswith("Python"):
            yield Cause("package", note, "possible")
