"""RP405: the environment is not the one that made the saved outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding
from jupyter_repro.records.drift import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["EnvironmentDrifted"]


class EnvironmentDrifted:
    """RP405: outputs that the file shows come from an environment that differs in what can change numbers.

    **Why is this bad?** Cells that run now may give other results than those beside them on the screen.
    **Example**: the outputs were made with NumPy 1.26, and NumPy 2.1 is installed.
    **Remedy**: the command that `%repro drift` names for each difference, or run all cells anew.
    """

    code = "RP405"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding, as long as a cell shows what another session gave."""
        if facts.drift is None or not facts.drift.of_rank(RANKS[0]):
            return
        if any(verdict.verdict == "not run" for verdict in facts.verdicts):
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"this is not the environment that made the saved outputs: {facts.drift.sentence}",
                remedy="`%repro drift` names the command that brings each back; or restart and run all",
            )
