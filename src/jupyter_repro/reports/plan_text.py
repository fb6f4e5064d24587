"""The way to a reproduced document as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records import Status

__all__ = ["plan_text"]


def plan_text(status: Status) -> str:
    """Return the cells to run, each with what is wrong with it, or why only a restart helps."""
    plan = status.plan
    if plan.kind == "nothing":
        return "Nothing to run: every cell is reproduced."
    if plan.kind == "restart and run all":
        return f"Restart and run all: {plan.why}."
    cells = {cell.id: cell for cell in status.cells}
    lines = [f"Run {len(plan.cells)} cell{'s' if len(plan.cells) > 1 else ''}, in this order:"]
    for identity in plan.cells:
        cell = cells[identity]
        why = f": {cell.why[0]}" if cell.why else ""
        along = "reproduced now, but what it makes or reads is made anew here"
        said = along if cell.verdict == "reproduced" else f"{cell.verdict}{why}"
        lines.append(f"  {cell.label}  {said}")
    if plan.look_again:
        lines.append("Then look again: whether others, which are unknown now, have to run shows only then.")
    return "\n".join(lines)
