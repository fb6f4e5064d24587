"""RP1, RP201, RP501: what the replay says of the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .engine import Facts

__all__ = ["CODES", "VERDICT_RULES", "CellVerdicts", "NotRecording", "RunAllStops"]


class _OneVerdict:
    """One verdict other than ``reproduced``."""

    code: str
    severity: Severity = "warning"
    verdict: Verdict


class Stale(_OneVerdict):
    """RP101: a cell is stale: what it read has been made again since, or the source that made it was edited.

    **Why is this bad?** The result on the screen comes from values that Restart & Run All would not make.
    **Example**: `n = 10` is run, then `plot(n)`, then the first cell again as `n = 20`.
    **Remedy**: run the cells that `%repro plan` names.
    """

    code, verdict = "RP101", "stale"


class OutOfOrder(_OneVerdict):
    """RP102: a cell is out of order: it read what only a later cell makes.

    **Why is this bad?** From top to bottom the name is not there yet, or holds something else.
    **Example**: the first cell is `print(total)`, the second `total = 3`, and the second was run first.
    **Remedy**: move the cell that makes it up, or what `%repro plan` says.
    """

    code, verdict = "RP102", "out of order"


class HiddenState(_OneVerdict):
    """RP103: a cell rests on hidden state: no present cell makes what it read.

    **Why is this bad?** The cell that made it was deleted or edited away, so nobody can run it again.
    **Example**: `print(scale)`, after the cell `scale = 2` was deleted.
    **Remedy**: put the cell back, then restart and run all.
    """

    code, verdict = "RP103", "hidden state"


class Edited(_OneVerdict):
    """RP104: a cell was edited since it ran.

    **Why is this bad?** Its output was made by another source than the one above it.
    **Example**: `mean(x)` is run, then changed to `median(x)`.
    **Remedy**: run it.
    """

    code, verdict = "RP104", "edited"


class NotRun(_OneVerdict):
    """RP105: a cell has not run, while others have.

    **Why is this bad?** What it shows, if anything, comes from an earlier kernel.
    **Example**: a notebook is opened, and only its first cells are run.
    **Remedy**: run it.
    """

    code, verdict = "RP105", "not run"
    severity: Severity = "info"


class NotIdempotent(_OneVerdict):
    """RP106: a cell is not idempotent: its last run read what an earlier run of itself wrote.

    **Why is this bad?** Restart & Run All runs it once, and the screen shows what it gave the second time.
    **Example**: `x += 1`, run twice.
    **Remedy**: what `%repro plan` says; better, write `y = x + 1`.
    """

    code, verdict = "RP106", "not idempotent"


class UnknownVerdict(_OneVerdict):
    """RP107: the verdict of a cell is unknown, with the reason.

    **Why is this bad?** It did something that cannot be seen through, so nothing can be promised of it.
    **Example**: `!make data`, or `exec(text)`.
    **Remedy**: what the reason says.
    """

    code, verdict = "RP107", "unknown"


class ShiftedRng(_OneVerdict):
    """RP201: a generator was elsewhere than run-all would have it, or was never seeded.

    **Why is this bad?** The cell drew other numbers than Restart & Run All would draw.
    **Example**: `x = rng.normal(size=3)`, run twice.
    **Remedy**: restart and run all; `%repro seed=42 per_cell` frees a cell from what ran before it.
    """

    code, verdict = "RP201", "rng shifted"


class InputChanged(_OneVerdict):
    """RP501: a file, module or setting that a cell read is different now.

    **Why is this bad?** Running it again would give something else, and the saved result cannot be checked.
    **Example**: `pd.read_csv("train.csv")`, and then `train.csv` is written anew.
    **Remedy**: run the cell again, or restore the file.
    """

    code, verdict = "RP501", "input changed"


VERDICT_RULES: tuple[_OneVerdict, ...] = (
    Stale(),
    OutOfOrder(),
    HiddenState(),
    Edited(),
    NotRun(),
    NotIdempotent(),
    UnknownVerdict(),
    ShiftedRng(),
    InputChanged(),
)

CODES: dict[Verdict, tuple[str, Severity]] = {
    rule.verdict: (rule.code, rule.severity) for rule in VERDICT_RULES
}


class CellVerdicts:
    """All cells that Restart & Run All would not give again, in the order of the notebook."""

    code = "RP101"
    codes = tuple(rule.code for rule in VERDICT_RULES)

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

    **Why is this bad?** No cell below it would run, so what they show cannot be had again.
    **Example**: a saved output that ends in `KeyError: 'price'`.
    **Remedy**: mend the cell, or tag it `raises-exception` if the error is the lesson.
    """

    code = "RP108"
    severity: Severity = "error"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        for said in facts.verdicts:
            if said.id == facts.stops_at:
                yield Finding(
                    code=self.code,
                    severity=self.severity,
                    message=f"Restart & Run All would stop at the error in {said.label}",
                    remedy="mend the cell, or tag it `raises-exception` if the error is meant",
                    cell=said.id,
                )


class NotRecording:
    """RP109: some cell runs are not on record, so no verdict is better than unknown.

    **Why is this bad?** What is not on record may have changed anything.
    **Example**: the disk was full while cells ran.
    **Remedy**: restart the kernel, load the extension in the first cell.
    """

    code = "RP109"
    severity: Severity = "error"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a reason."""
        for fault in facts.recording_faults:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"the record of this kernel has gaps: {fault}",
                remedy="restart and run all with `%load_ext jupyter_repro` in the first cell",
            )
