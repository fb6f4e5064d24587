"""A cell does what gives something else each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .runs import RunCell, Runs

__all__ = ["causes"]

_WORDS = {"network": "it talked to the network", "subprocess": "it started another program"}


def causes(cell: RunCell, _runs: Runs) -> Iterator[Cause]:
    """Yield operations without a deterministic algorithm, clocks, the system's entropy, the network."""
    for op in cell.ops:
        text = f"it ran `{op}`, which has no deterministic algorithm"
        yield Cause("operation", text, "likely")
    for text in dict.fromkeys(cell.unrepeatable):
        yield Cause(
            "unrepeatable",
            text if text.startswith("it ") else f"it did what cannot be repeated: {text}",
            "likely",
        )
    for effect in dict.fromkeys((*cell.was.effects, *cell.now.effects)):
        text = _WORDS.get(effect, f"it did what cannot be repeated: {effect}")
        yield Cause("unrepeatable", text, "likely" if effect == "network" else "possible")
