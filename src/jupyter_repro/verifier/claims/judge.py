"""The verdict of each claim: of its part alone, or of all that its cell shows. Nothing is excused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..compare.cell import compare_outputs
from ..compare.notebook import code_cells
from ..compare.outcome import SAME, Outcome, differs
from ..compare.policy import BadTag, policy_of
from ..compare.text import compare_text
from .parts import part_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..compare.notebook import CellComparison
    from ..compare.tolerance import Tolerance
    from .claim import Claim

__all__ = ["judged"]

_MOST = 300


def judged(
    claims: Sequence[Claim],
    compared: Sequence[CellComparison],
    reference: dict[str, Any],
    fresh: dict[str, Any],
    tolerance: Tolerance,
) -> list[dict[str, Any]]:
    """Return one object a claim: text, cell, label, part, verdict, why, reference, fresh, holds."""
    before, after = code_cells(reference), code_cells(fresh)
    by_cell = {each.id: each for each in compared}
    rows = []
    for claim in claims:
        cell, was, now = by_cell.get(claim.cell), before.get(claim.cell, {}), after.get(claim.cell, {})
        if cell is None:
            outcome, word = differs("the notebook has no such cell"), "not run"
        elif cell.verdict in ("error", "not run"):
            outcome, word = differs(cell.why), cell.verdict
        else:
            outcome = _outcome(claim, was, now, tolerance)
            word = outcome.verdict
        sides = (part_of(claim, was), part_of(claim, now)) if claim.part else (None, None)
        rows.append(
            {
                "text": claim.text,
                "cell": claim.cell,
                "label": cell.label if cell else "no cell",
                "part": claim.part,
                "verdict": word,
                "why": outcome.why,
                "reference": sides[0] and sides[0][:_MOST],
                "fresh": sides[1] and sides[1][:_MOST],
                "holds": word in SAME,
            }
        )
    return rows


def _outcome(claim: Claim, was: Mapping[str, Any], now: Mapping[str, Any], tolerance: Tolerance) -> Outcome:
    """Compare without masks, whatever the cell's tags let pass."""
    try:
        tolerance = policy_of(was, tolerance).tolerance
    except BadTag as fault:
        return differs(str(fault))
    if not claim.part:
        outcome, _ = compare_outputs(was.get("outputs", ()), now.get("outputs", ()), tolerance)
        return outcome
    old, new = part_of(claim, was), part_of(claim, now)
    if old is None:
        return differs(f"the author's cell shows no {claim.part.removeprefix('the ')}")
    if new is None:
        return differs(f"{claim.part} is not there any more")
    return compare_text(old, new, tolerance)
