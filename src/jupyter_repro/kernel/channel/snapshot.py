"""From the session to the state that a panel shows: the facts of ``jupyter_repro.status``, bounded."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.kernel import verdict
from jupyter_repro.rules.verdicts import CODES

from .facts import PanelFinding, PlanInShort, State
from .fixes import fix_of
from .limits import MOST_CAUSES, MOST_CELLS, MOST_FINDINGS, MOST_REASONS, MOST_TEXT, capped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_repro.kernel.session import Session
    from jupyter_repro.records import CellVerdict, Finding, Plan, Setting, Status, Twins

    from .facts import Busy
    from .jobs import Job

__all__ = ["Seen", "cell_in_short", "plan_in_short", "state_of", "status_now"]

_SEVERITIES = {"error": 0, "warning": 1, "info": 2}
_NOT_RUN = CODES["not run"][0]
"""Told by the cells themselves: in a notebook that is opened there is one for each."""


class Seen(msgspec.Struct, frozen=True):
    """What only the thread that runs cells can look at, as it was between two of them."""

    settings: tuple[Setting, ...]
    twins: tuple[Twins, ...]


class _Between:
    """A session as it was between two cells, where its settings and the user's generators are concerned."""

    def __init__(self, session: Session, seen: Seen) -> None:
        self._session = session
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def settings(self) -> tuple[Setting, ...]:
        return self._seen.settings

    def twins(self) -> tuple[Twins, ...]:
        return self._seen.twins


def status_now(session: Session, seen: Seen) -> Status:
    """Return the status at this moment, in whatever thread this is.

    Args:
        session: Whose.
        seen: What was seen between cells.
    """
    with session.lock, unwatched():
        return session.with_proof(verdict.status_of(_Between(session, seen), session.document(), None))


def state_of(status: Status, session: Session, *, busy: Busy | None, jobs: Sequence[Job]) -> State:
    """Return what a panel shows."""
    told = (each for each in status.findings if each.code != _NOT_RUN)
    findings = sorted(told, key=lambda each: _SEVERITIES[each.severity])
    return State(
        at=time.time(),
        verdict=status.verdict,
        headline=capped(status.headline),
        cells=tuple(cell_in_short(cell) for cell in status.cells[:MOST_CELLS]),
        findings=tuple(_finding(each, status.plan) for each in findings[:MOST_FINDINGS]),
        more_findings=max(0, len(findings) - MOST_FINDINGS),
        plan=plan_in_short(status.plan),
        governed=status.governed,
        settings=tuple(
            msgspec.structs.replace(each, note=capped(each.note), effective=capped(each.effective))
            for each in status.settings
        ),
        document=status.document,
        recording=capped(status.recording),
        recording_on=session.recording,
        notices=session.notices_on,
        busy=busy,
        jobs=tuple(jobs),
    )


def cell_in_short(cell: CellVerdict) -> CellVerdict:
    """Return a verdict with at most so many reasons, each at most so long."""
    short = all(len(why) <= MOST_TEXT for why in cell.why)
    if short and len(cell.why) <= MOST_REASONS and len(cell.because_of) <= MOST_CAUSES:
        return cell
    why = tuple(capped(each) for each in cell.why[:MOST_REASONS])
    return msgspec.structs.replace(cell, why=why, because_of=cell.because_of[:MOST_CAUSES])


def plan_in_short(plan: Plan) -> PlanInShort:
    """Return the plan without its cells, which may be many."""
    return PlanInShort(
        kind=plan.kind,
        sentence=capped(plan.sentence),
        count=len(plan.cells),
        look_again=plan.look_again,
        why=capped(plan.why),
    )


def _finding(found: Finding, plan: Plan) -> PanelFinding:
    text = f"{found.code}\0{found.cell or ''}\0{found.message}"
    return PanelFinding(
        key=hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
        code=found.code,
        severity=found.severity,
        message=capped(found.message),
        remedy=capped(found.remedy),
        cell=found.cell,
        fix=fix_of(found, plan),
        may_allow=found.cell is not None and found.severity == "warning",
    )
