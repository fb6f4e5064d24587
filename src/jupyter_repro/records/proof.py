"""A proof: the notebook was run top to bottom in a fresh kernel, and compared with what is displayed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PROVEN", "CellProof", "Proof", "ProofVerdict", "all_came_again"]

ProofVerdict = Literal[
    "identical", "equivalent", "within tolerance", "volatile", "differs", "error", "not run"
]
PROVEN: tuple[ProofVerdict, ...] = ("identical", "equivalent", "within tolerance")
"""The verdicts that say: what is displayed came again."""
_ORDER: tuple[ProofVerdict, ...] = (*PROVEN, "volatile", "differs", "error", "not run")


class CellProof(msgspec.Struct, frozen=True, kw_only=True):
    """One cell's displayed outputs against those of a fresh run."""

    id: str
    label: str
    verdict: ProofVerdict
    why: str
    """Empty for ``identical``."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What one run from top to bottom gave, beside what the saved notebook shows."""

    schema: int = 1
    at: float
    """When it was made, in seconds since 1970."""
    seconds: float
    """How long it took."""
    notebook: str
    """Path of the notebook."""
    digest: str
    """SHA-256 of the notebook file that was compared."""
    reproduced: bool
    """Whether every cell gave what is displayed, see :func:`all_came_again`."""
    cells: tuple[CellProof, ...]
    held_back: str
    """What kept the run from the user's files."""
    left_out: tuple[str, ...] = ()
    """What the copy of the working tree does not hold, in words."""

    def counts(self) -> str:
        """Return ``41 identical, 2 equivalent, 1 differs: cell 17``."""
        found = Counter(cell.verdict for cell in self.cells)
        told = [f"{found[verdict]} {verdict}" for verdict in _ORDER if found[verdict]]
        others = [cell.label for cell in self.cells if cell.verdict in ("differs", "error")]
        return ", ".join(told) + (f": {_few(others)}" if others else "")


def all_came_again(cells: Sequence[CellProof]) -> bool:
    """Whether every cell gave what is displayed; volatile ones show nothing, and are not enough alone."""
    same = [cell for cell in cells if cell.verdict in PROVEN]
    apart = [cell for cell in cells if cell.verdict == "volatile"]
    return bool(same) and len(same) + len(apart) == len(cells)


def _few(labels: list[str], most: int = 5) -> str:
    rest = len(labels) - most
    return ", ".join(labels[:most]) + (f" and {rest} more" if rest > 0 else "")
