"""RP204: what the source of a cell that ran says of its seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.entropy.source_rules import shifting_seeds
from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["ShiftingSeed"]

_HASH = "hash()"


class ShiftingSeed:
    """RP204: a seed comes from the clock, from ``hash()`` of a text, the process or the system.

    **Why is this bad?** It is another seed in each kernel, though the cell looks seeded.
    **Example**: `seed = int(time.time())`, `np.random.seed(hash("split"))`.
    **Remedy**: write the number down.
    """

    code = "RP204"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a call; those that were seen as they happened have theirs already."""
        labels = {said.id: said.label for said in facts.verdicts}
        for run in facts.latest:
            seen = {leak.line for leak in run.leaks if leak.kind in ("reseeded", "clock seed")}
            for spot in shifting_seeds(run.source):
                if spot.line in seen or (_HASH in spot.why and facts.hash_seed_fixed):
                    continue
                where = labels.get(run.cell, "a cell") if run.cell is not None else "a cell"
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"{where}, line {spot.line}, takes a seed from {spot.why} (`{spot.text}`)",
                    remedy="write the number down: `seed=42`",
                    cell=run.cell,
                )
