"""RP2: generators that draw the same numbers where several streams were meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["CopiedStream", "DuplicateStream"]


class DuplicateStream:
    """RP210: two generators are one stream, so what was to be independent is not.

    **Why is this bad?** A split and a noise drawn from equal generators are correlated, mostly unseen.
    **Example**: `a = default_rng(0); b = default_rng(0)`.
    **Remedy**: a name for each: ``jupyter_repro.generator("split")``.
    """

    code = "RP210"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a group of generators."""
        for twins in facts.twins:
            if twins.kind == "copied to workers":
                continue
            names = " and ".join(f"`{name}`" if "'s global" not in name else name for name in twins.holders)
            equal = twins.kind == "equal state"
            yield Finding(
                code=self.code,
                severity=self.severity if equal else "info",
                message=f"{names} "
                + ("will draw the same numbers" if equal else "are one stream at different points"),
                remedy='give each a name of its own: `jupyter_repro.generator("split")`',
            )


class CopiedStream:
    """RP211: a generator that a data set holds is copied to every DataLoader worker.

    **Why is this bad?** All workers draw the same augmentation, and the same again in each epoch.
    **Example**: a data set with `self.rng = default_rng(0)` under `DataLoader(num_workers=4)`.
    **Remedy**: ``%repro seed=42`` with ``workers=auto``, or ``jupyter_repro.loader(...)``.
    """

    code = "RP211"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a loader."""
        for twins in facts.twins:
            if twins.kind == "copied to workers":
                names = ", ".join(f"`{name}`" for name in twins.holders)
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"{names}: every worker gets a copy, and again in each epoch",
                    remedy="write `%repro seed=42 workers=auto`, or use `jupyter_repro.loader(...)`",
                )
