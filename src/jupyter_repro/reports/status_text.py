"""A status as plain text: the one line first, then what departs, then the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .proof_text import proof_sentence
from .table import table
from .trackers_text import tracked_head, tracked_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jupyter_repro.records import CellId, CellVerdict, SeedPlan, Setting, Status
    from jupyter_repro.records.proof import Proof

__all__ = ["governed_line", "status_text"]

_QUIET_FINDINGS = ("RP301", "RP101", "RP102", "RP103", "RP104", "RP105", "RP106", "RP107", "RP201", "RP501")
"""Codes that the tables say already."""
_MANY_REASONS = 3


def status_text(status: Status, *, verbose: bool = False) -> str:
    """Return the status for a terminal or a cell's output.

    Args:
        status: The facts.
        verbose: Also list reproduced cells, verified settings and the environment.
    """
    return "\n".join(_lines(status, verbose=verbose))


def governed_line(plan: SeedPlan, settings: Sequence[Setting]) -> str:
    """Return one line that says what a ``%repro`` line has put in force."""
    seed = f"seed {plan.seed}{' per cell' if plan.per_cell else ''}" if plan.seed is not None else "no seed"
    strictness = "" if plan.strictness == "off" else f", {plan.strictness}"
    strictness += "" if plan.entropy in ("off", "report") else f", entropy={plan.entropy}"
    groups: dict[str, list[str]] = {}
    for setting in settings:
        groups.setdefault(setting.effect, []).append(setting.name.removeprefix("seed.").removeprefix("env."))
    seeded = [
        s.name.removeprefix("seed.")
        for s in settings
        if s.name.startswith("seed.") and s.effect == "in force"
    ]
    parts = [f"in force for {', '.join(seeded)}"] if seeded else []
    parts += [
        f"{effect}: {', '.join(groups[effect])}"
        for effect in ("too late", "not in force")
        if effect in groups
    ]
    return f"repro: {seed}{strictness}" + (f"; {'; '.join(parts)}" if parts else "")


def _lines(status: Status, *, verbose: bool) -> Iterator[str]:
    yield status.headline
    if status.proof is not None:
        yield from _proof(status.proof, status.proof_since, status.headline)
    if status.plan.kind != "nothing":
        yield f"Next: {status.plan.sentence}."
    if status.document.note:
        yield f"Note: {status.document.note}."
    shown = [cell for cell in status.cells if verbose or cell.verdict not in ("reproduced", "not run")]
    if shown:
        yield ""
        yield from table(("cell", "verdict", "why"), list(_grouped(shown, verbose=verbose)))
    settings = [
        (s.name, s.requested, s.effective, s.effect, s.verified_by)
        for s in status.settings
        if verbose or not s.name.startswith("entropy.") or s.effect == "not in force"
    ]
    if status.governed is None:
        yield ""
        yield "Nothing is governed: `%repro seed=42 strict` seeds every generator and forbids nondeterminism."
    elif settings:
        yield ""
        yield from table(("setting", "requested", "effective", "effect", "verified by"), settings)
        notes = [
            s for s in status.settings if s.note and (verbose or s.effect in ("too late", "not in force"))
        ]
        yield from (f"{s.name} is {s.effect}: {s.note}" for s in notes)
    others = [
        f for f in status.findings if f.code not in _QUIET_FINDINGS and (verbose or f.severity != "info")
    ]
    if others:
        yield ""
        for finding in others:
            yield f"{finding.code} {finding.severity}: {finding.message}; {finding.remedy}"
    yield from _trackers(status)
    if verbose:
        yield ""
        yield status.recording


def _trackers(status: Status) -> Iterator[str]:
    if status.trackers:
        yield ""
        yield tracked_head(status.run)
        yield from tracked_lines(status.trackers)


def _proof(proof: Proof, since: str, headline: str) -> Iterator[str]:
    """Yield what the last run in the shadow gave, where the headline does not say it, and what departed."""
    line = proof_sentence(proof, since)
    if line != headline:
        yield line
    if not since:
        departed = [cell for cell in proof.cells if cell.verdict in ("differs", "error")]
        yield from (f"  {cell.label} {cell.verdict}: {cell.why}" for cell in departed[:_MANY_REASONS])


def _grouped(cells: Sequence[CellVerdict], *, verbose: bool) -> Iterator[tuple[str, str, str]]:
    """Yield first causes in document order, each with the cells that it spoils below it."""
    present = {cell.id: cell for cell in cells if cell.verdict not in ("reproduced", "not run")}
    first: dict[CellId, CellId] = {}
    spoils: dict[CellId, list[CellVerdict]] = {}
    for cell in cells:  # what spoils a cell stands above it
        behind = _spoiled_by(cell, present)
        first[cell.id] = cell.id if behind is None else first[behind]
        spoils.setdefault(first[cell.id], []).append(cell)
    for cause, spoiled in spoils.items():
        for cell in spoiled:
            indent = "" if cell.id == cause else "  "
            yield indent + cell.label, cell.verdict, _why(cell, verbose=verbose)


def _why(cell: CellVerdict, *, verbose: bool) -> str:
    """Return the first reason and how many there are; all of them where it is asked for."""
    if verbose or len(cell.why) < _MANY_REASONS:
        return "; ".join(cell.why)
    return f"{cell.why[0]}; and {len(cell.why) - 1} more reasons"


def _spoiled_by(cell: CellVerdict, present: Mapping[CellId, CellVerdict]) -> CellId | None:
    """Return the departing cell above that is behind this one's verdict, None for a first cause."""
    order = list(present)
    above = order[: order.index(cell.id)] if cell.id in present else []
    return next((other for other in cell.because_of if other in above), None)
