"""RP303: a loss scale that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["MovingScale"]


class MovingScale:
    """RP303: a gradient scaler changed its scale during a cell.

    **Why is this bad?** The scale is state as the weights are: a training that is resumed without it skips
    other steps.
    **Example**: `scaler = GradScaler()`, whose scale is doubled after 2000 steps.
    **Remedy**: save ``scaler.state_dict()`` with each checkpoint, or keep the scale fixed: ``update`` with a
    number sets it, while a growth interval alone would still let it fall.
    """

    code = "RP303"
    severity: Severity = "info"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a scaler."""
        labels = {said.id: said.label for said in facts.verdicts}
        for run in facts.latest:
            where = labels.get(run.cell, "a cell") if run.cell is not None else "a cell"
            for log in run.amp.scalers if run.amp is not None else ():
                values = [log.start, *(scale for scale, _ in log.scales)]
                if len(set(values)) > 1:
                    yield Finding(
                        code=self.code,
                        severity=self.severity,
                        message=f"{where} moved its loss scale from {values[0]:g} to "
                        f"{values[-1]:g} in {log.updates} steps, {log.lowered} of them skipped",
                        remedy="save `scaler.state_dict()` with each checkpoint, or keep the scale fixed: "
                        f"`GradScaler(init_scale={min(values)!r})` and `scaler.update({min(values)!r})` "
                        "in each step",
                        cell=run.cell,
                    )
