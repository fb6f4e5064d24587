"""What keeps a bundle from being written, and the word with which its author answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import CellId, Finding
from jupyter_repro.rules.allowed import reason_of
from jupyter_repro.rules.configured import RuleSettings
from jupyter_repro.rules.files import check_notebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jupyter_repro.records import SeedPlan

    from .options import Waiver

__all__ = ["REFUSING", "Waived", "refuse", "unseeded", "waived", "with_waivers"]

_UNSEEDED = ("RP202", "RP203", "RP204")

REFUSING = {
    **dict.fromkeys(_UNSEEDED, "not seeded"),
    "RP801": "not reproduced",
    "RP803": "data missing",
    "RP812": "secret found",
}
"""The codes that refuse an export, each with the reason in two words."""

_TOLD = 8


class Waived(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that would have refused the export, as readers are told of it."""

    code: str
    message: str
    reason: str
    cell: str = ""


def with_waivers(rules: RuleSettings, waivers: Sequence[Waiver]) -> RuleSettings:
    """Return the project's settings with what the author waives for this export."""
    given = RuleSettings(ignore=tuple((each.code, each.reason) for each in waivers))
    return given.over(rules)


def unseeded(notebook: Path, plan: SeedPlan, rules: RuleSettings) -> tuple[Finding, ...]:
    """Return what draws without a seed, by the source of the cells.

    Args:
        notebook: The file.
        plan: With a seed, it governs the global streams of a notebook that seeds none.
        rules: What the project, and the author of this export, have decided.
    """
    codes = tuple(code for code in _UNSEEDED if code != "RP202" or plan.seed is None)
    found = check_notebook(notebook, msgspec.structs.replace(rules, select=codes, extend_select=()))
    return tuple(
        Finding(
            code=each.code,
            severity=each.severity,
            message=f"{each.cell}, line {each.line}, {each.message}"
            + (f" (allowed here: {each.allowed})" if each.allowed else ""),
            remedy=each.remedy,
            cell=CellId(each.cell_id) if each.cell_id else None,
        )
        for each in found.findings
        if each.code in codes and rules.asks(each.code)
    )


def refuse(findings: Iterable[Finding]) -> None:
    """Return if nothing speaks against the bundle that its author has not waived.

    Raises:
        ExportRefused: With every reason.
    """
    against = [each for each in findings if each.code in REFUSING and each.severity != "info"]
    if not against:
        return
    lines = [f"  {each.code} {REFUSING[each.code]}: {each.message}; {each.remedy}" for each in against]
    more = [f"  and {len(lines) - _TOLD} more"] if len(lines) > _TOLD else []
    count = "1 reason" if len(lines) == 1 else f"{len(lines)} reasons"
    first = against[0].code
    refused = ExportRefused(
        "\n".join([f"the bundle is not written, for {count}:", *lines[:_TOLD], *more]),
        remedy=f'mend them, or answer for them: `--waive {first}="why"` (`waive={first}="why"` in a cell) goes into '
        "the bundle for every reader to see",
    )
    refused.against = tuple((each.code, each.message, each.remedy) for each in against)
    raise refused


def waived(findings: Iterable[Finding]) -> tuple[Waived, ...]:
    """Return what the author, a comment in a cell or the project has answered for."""
    told = []
    for each in findings:
        message, reason = reason_of(each)
        if each.code in REFUSING and reason:
            told.append(Waived(code=each.code, message=message, reason=reason, cell=str(each.cell or "")))
    return tuple(told)
