"""The report: one record, written as JSON and as HTML."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from .causes.runs import machine_of
from .compare.notebook import code_cells
from .compare.outcome import SAME
from .compare.tolerance import Tolerance
from .explain import first_difference
from .why import explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .archive import Bundle
    from .compare.notebook import CellComparison
    from .errors import VerifierError
    from .rebuild import Built
    from .recipe import Recipe

__all__ = ["Report", "environment_facts", "headline"]

SCHEMA = 1
_WORDS = {
    2: "usage",
    3: "could not build",
    4: "could not run",
    5: "bad bundle",
    6: "resource limit",
    7: "unknown signer",
}


@dataclasses.dataclass
class Report:
    """What a verification found; filled as it goes, so that a failure leaves what was known."""

    bundle: str
    bundle_id: str = ""
    verdict: str = ""
    exit_code: int = 4
    headline: str = ""
    remedy: str = ""
    notebook: str = ""
    environment: dict[str, Any] = dataclasses.field(default_factory=dict)
    seed: dict[str, Any] | None = None
    isolation: dict[str, Any] = dataclasses.field(default_factory=dict)
    proven: bool = True
    """Whether the author's reference is a fresh run."""
    signature: str = ""
    """Who signed the bundle, in words."""
    waivers: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    """What the author answers for: code, message, reason, cell."""
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    """One object a cell: id, label, verdict, why, notes, largest_relative_difference, duration_s, source, differences, causes,
    unexplained."""
    first_divergence: dict[str, Any] | None = None
    """The first cell that gave another result, and why."""
    claims: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    """One object a claim, see :func:`.claims.judge.judged`."""
    claims_not_judged: int = 0
    """Claims of the bundle that a quick variant leaves out."""
    seconds: float = 0.0
    at: str = ""
    """When it began, in UTC."""
    seeded: bool = False
    """The kernel is given a seed before the first cell."""

    def begin(self, bundle: Bundle, recipe: Recipe) -> None:
        """Note what is verified."""
        self.bundle_id, self.notebook, self.seed = bundle.id, recipe.notebook, recipe.seed
        self.seeded = any(".seed=" in argument for argument in recipe.kernel_arguments)
        self.proven, self.waivers = recipe.proven, list(recipe.waivers)

    def compared(
        self,
        cells: Sequence[CellComparison],
        reference: dict[str, Any],
        fresh: dict[str, Any],
        outcomes: Sequence[dict[str, Any]],
    ) -> None:
        """Note the verdicts of the cells; of those that differ, both sides and why."""
        every = (cell for cell in fresh["cells"] if cell["cell_type"] == "code")
        times = {id(cell): outcome["duration_s"] for cell, outcome in zip(every, outcomes, strict=False)}
        before, after = code_cells(reference), code_cells(fresh)
        self.environment |= {"machine": machine_of(fresh), "author_machine": machine_of(reference)}
        for cell in cells:
            pair = before.get(cell.id), after.get(cell.id)
            source = (pair[0] or pair[1] or {}).get("source", "")
            row = {
                "id": cell.id,
                "label": cell.label,
                "verdict": cell.verdict,
                "why": cell.why,
                "notes": list(cell.notes),
                "largest_relative_difference": cell.largest,
                "duration_s": round(times.get(id(pair[1]), 0.0), 3),
                "source": source if isinstance(source, str) else "".join(source),
                "differences": [],
            }
            if cell.verdict not in SAME and pair[0] is not None and pair[1] is not None:
                row["differences"] = first_difference(pair[0], pair[1])
            self.rows.append(row)
        self.first_divergence = explain(
            self.rows, cells, reference, fresh, environment=self.environment, seeded=self.seeded
        )

    @property
    def claims_hold(self) -> bool:
        """Whether every claim has its author's result."""
        return all(claim["holds"] for claim in self.claims)

    def conclude(self, verdict: str, exit_code: int, sentence: str) -> None:
        """Set the verdict of the whole."""
        self.verdict, self.exit_code, self.headline = verdict, exit_code, sentence + self._claimed()

    def _claimed(self) -> str:
        held = sum(claim["holds"] for claim in self.claims)
        return f"; {held} of {len(self.claims)} claims hold" if self.claims else ""

    def fail(self, error: VerifierError) -> None:
        """Set what kept us from a verdict."""
        self.verdict = _WORDS[error.exit_code]
        self.exit_code = error.exit_code
        self.headline, self.remedy = f"{self.verdict}: {error.message}", error.remedy

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``report.json``; the format is described in docs/report-json.md."""
        return {
            "schema": SCHEMA,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "headline": self.headline,
            "remedy": self.remedy,
            "bundle": {"path": self.bundle, "id": self.bundle_id},
            "notebook": self.notebook,
            "seed": self.seed,
            "proven": self.proven,
            "waivers": self.waivers,
            "signature": self.signature,
            "environment": self.environment,
            "isolation": self.isolation,
            "claims": self.claims,
            "claims_not_judged": self.claims_not_judged,
            "cells": self.rows,
            "first_divergence": self.first_divergence,
            "seconds": self.seconds,
            "at": self.at,
        }


def environment_facts(built: Built, recipe: Recipe) -> dict[str, Any]:
    """Return how the rebuilt environment compares with the author's."""
    return {
        "built_with": built.way,
        "python": built.python_version,
        "author_python": recipe.python.get("version", ""),
        "notes": list(built.notes),
        "packages_of_another_version": list(built.versions_differ),
        "packages_of_other_bytes": list(built.bytes_differ),
    }


def headline(cells: Sequence[CellComparison], built: Built, tolerance: Tolerance) -> str:
    """Return the verdict as one sentence, with everything that weakens it.

    The environment counts as the author's if Python, platform and every package's version and bytes are.
    A tolerance that the author widened is told: a wide one lets every number pass.
    """
    same = [cell for cell in cells if cell.verdict in SAME]
    kinds = [
        (verdict, sum(cell.verdict == verdict for cell in cells))
        for verdict in dict.fromkeys(c.verdict for c in cells)
    ]
    detail = ", ".join(f"{count} {verdict}" for verdict, count in kinds)
    apart = sum(cell.verdict == "volatile" for cell in cells)
    word = "reproduced" if same and len(same) + apart == len(cells) else "differs"
    count = f"{len(same)} of {len(cells)} cells" if len(cells) != 1 else f"{len(same)} of 1 cell"
    sentence = f"{word}: {count} give the author's results ({detail})"
    weaker = [*built.notes, *built.versions_differ]
    if built.bytes_differ:
        weaker.append(f"other bytes in {', '.join(built.bytes_differ[:5])}")
    usual = Tolerance()
    if tolerance.rtol > usual.rtol or tolerance.atol > usual.atol:
        sentence += (
            f", with a tolerance the author widened (rtol {tolerance.rtol:g}, atol {tolerance.atol:g})"
        )
    if apart:
        sentence += f"; {apart} volatile, which shows nothing of being reproduced"
    return sentence + (
        f", in an environment that is not the author's: {'; '.join(weaker[:5])}" if weaker else ""
    )
