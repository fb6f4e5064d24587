"""RP302: operations without a deterministic algorithm that ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.determinism.alternatives import alternative_to
from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["NondeterministicOperation"]


class NondeterministicOperation:
    """RP302: a cell ran an operation that has no deterministic algorithm.

    **Why is this bad?** Its sums, or which of several writes is the last, differ from call to call.
    **Example**: `x.index_add_(0, index, values)` on a GPU.
    **Remedy**: the alternative that is named; or allow it, ``# repro: allow RP302 put_ because ...``.
    """

    code = "RP302"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding an operation and line."""
        labels = {said.id: said.label for said in facts.verdicts}
        for run in facts.latest:
            for use in run.ops:
                cell = facts.home(use.source, run)
                where = labels.get(cell, "a cell") if cell is not None else "a cell"
                instead = alternative_to(use.op)
                yield Finding(
                    code=self.code,
                    severity="info" if use.allowed else self.severity,
                    message=f"{where}{f', line {use.line},' if use.line else ''} ran `{use.op}`"
                    + (f" {use.count} times" if use.count > 1 else "")
                    + ", which has no deterministic algorithm"
                    + (f" (allowed here: {use.allowed})" if use.allowed else ""),
                    remedy=f"use {instead}"
                    if instead
                    else f"allow it: `# repro: allow RP302 {use.op} because ...`",
                    cell=cell,
                )
