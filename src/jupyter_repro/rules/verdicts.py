"""RP1: what the replay says of the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import Facts

__all__ = ["CODES", "CellVerdicts", "NotRecording", "RunAllStops"]

CODES: dict[Verdict, tuple[str, Severity]] = {
    "stale": ("RP101", "warning"),
    "out of order": ("RP102", "warning"),
    "hidden state": ("RP103", "warning"),
    "edited": ("RP104", "warning"),
    "not run": ("RP105", "info"),
    "not idempotent": ("RP106", "warning"),
    "unknown": ("RP107", "warning"),
    "rng shifted": ("RP201", "warning"),
    "input changed": ("RP501", "warning"),
}


class CellVerdicts:
    """RP101 to RP107, RP201, RP501: a cell that Restart & Run All would not give again.

    **Why is this bad?** The result on the screen is not what a reader of the notebook would get.
    **Remedy**: the plan that the finding names.
    """

    code = "RP101"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a cell that is not reproduced."""
        for said in facts.verdicts:
            if said.verdict == "reproduced":
                continue
            code, severity = CODES[said.verdict]
            reasons = "; ".join(said.why)
            remedy = f"run {said.label}" if said.verdict in ("edited", "not run") else facts.plan.sentence
            yield Finding(
                code=code,
                severity=severity,
                message=f"{said.label} is {said.verdict}" + (f": {reasons}" if reasons else ""),
                remedy=remedy,
                cell=said.id,
            )


class RunAllStops:
    """RP108: a cell ends in an error, and Restart & Run All would stop there.

    **Remedy**: mend the cell, or tag it ``raises-exception`` if the error is the lesson.
    """

    code = "RP108"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        for said in facts.verdicts:
            if said.id == facts.stops_at:
                yield Finding(
                    code=self.code,
                    severity="error",
                    message=f"Restart & Run All would stop at the error in {said.label}",
                    remedy="mend the cell, or tag it `raises-exception` if the error is meant",
                    cell=said.id,
                )


class NotRecording:
    """RP109: some cell runs are not on record, so no verdict is better than unknown.

    **Remedy**: restart the kernel, load the extension in the first cell.
    """

    code = "RP109"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a reason."""
        for fault in facts.recording_faults:
            yield Finding(
                code=self.code,
                severity="error",
                message=f"the record of this kernel has gaps: {fault}",
                remedy="restart and run all with `%load_ext jupyter_repro` in the first cell",
            )
