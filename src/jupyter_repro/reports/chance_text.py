"""The nondeterminism report as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import ChanceReport, SeedPlan

__all__ = ["chance_text", "counted", "governed_words"]


def chance_text(report: ChanceReport) -> str:
    """Return the report for a terminal or a cell's output."""
    return "\n".join(_lines(report))


def counted(report: ChanceReport) -> str:
    """Return one sentence: how many sources there are, how many change a verdict, how many are allowed."""
    number = len(report.sources)
    if not number:
        return "No source of nondeterminism was seen"
    parts = [f"{number} source{'s' if number > 1 else ''} of nondeterminism"]
    changing = sum(bool(each.changes) for each in report.sources)
    allowed = sum(bool(each.allowed) for each in report.sources)
    if changing:
        parts.append(f"{changing} {'changes' if changing == 1 else 'change'} the verdict of a cell")
    if allowed:
        parts.append(f"{allowed} {'is' if allowed == 1 else 'are'} allowed with a reason")
    return ", ".join(parts)


def governed_words(plan: SeedPlan | None) -> str:
    """Return what is governed, in the words of ``%repro``."""
    if plan is None:
        return "nothing is governed"
    seed = "no seed" if plan.seed is None else f"seed={plan.seed}"
    return (
        f"{seed} {'strictness=off' if plan.strictness == 'off' else plan.strictness} entropy={plan.entropy}"
        + (" per_cell" if plan.per_cell else "")
    )


def _lines(report: ChanceReport) -> Iterator[str]:
    yield f"Nondeterminism report ({governed_words(report.governed)})"
    yield f"{report.headline}."
    yield f"{counted(report)}."
    for source in report.sources:
        yield ""
        yield f"{source.code or source.kind} {source.severity}: {source.what}"
        yield f"  effect: {source.effect}"
        yield f"  allowed: {source.allowed}" if source.allowed else f"  remedy: {source.remedy}"
    if report.in_force:
        yield ""
        yield "In force:"
        yield from (f"  {row.name} = {row.effective} ({row.verified_by})" for row in report.in_force)
    yield ""
    yield "Not covered:"
    yield from (f"  {each.what} ({each.where}): {each.why}" for each in report.uncovered)
