"""RP2: draws that no seed governs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["UnseededDraw"]


class UnseededDraw:
    """RP202: cells draw random numbers, and ``%repro`` has set no seed.

    **Why is this bad?** Each fresh kernel draws other numbers.
    **Example**: `weights = np.random.rand(3)` in a notebook without a seed.
    **Remedy**: ``%repro seed=42`` in the first cell, then restart and run all.
    """

    code = "RP202"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        if facts.governed is not None and facts.governed.seed is not None:
            return
        drew = sorted(
            {step.stream for run in facts.runs for step in run.rng if step.before not in (None, step.after)}
        )
        if drew:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"cells draw from {', '.join(drew)}, and no seed is set",
                remedy="put `%repro seed=42` into the first cell, then restart and run all",
            )
