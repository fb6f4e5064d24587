"""From the record of a session to its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.determinism.switches.hash_seed import hash_seed_in_force
from jupyter_repro.records import Status
from jupyter_repro.records.status import DocumentFacts
from jupyter_repro.replay.given import Given
from jupyter_repro.replay.labels import verdict_in_words
from jupyter_repro.replay.plan import make_plan
from jupyter_repro.replay.replay import foresee, replay
from jupyter_repro.rules import Facts, check
from jupyter_repro.rules.allowed import allowance
from jupyter_repro.rules.verdicts import CODES

from . import files
from .data_facts import data_facts
from .decided import decided

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Literal, Protocol

    from jupyter_repro.records import (
        Cell,
        CellId,
        CellVerdict,
        Document,
        Environment,
        Plan,
        SeedPlan,
        Setting,
        Twins,
        Use,
        Verdict,
        Version,
    )
    from jupyter_repro.records.drift import Drift
    from jupyter_repro.records.packages import PackageChange
    from jupyter_repro.replay.ledger import Ledger
    from jupyter_repro.replay.names import Names
    from jupyter_repro.replay.replay import Replay

    class Record(Protocol):
        """What a session knows; :class:`.unrecorded.Unrecorded` knows nothing."""

        ledger: Ledger

        @property
        def plan(self) -> SeedPlan | None: ...

        @property
        def rules_table(self) -> Mapping[str, object]: ...

        def folder(self) -> Path: ...
        def running_cells(self) -> frozenset[CellId]: ...
        def names_of(self, cell: Cell) -> Names: ...
        def fresh_modules(self) -> dict[str, Version]: ...
        def may_set(self, source: str) -> tuple[str, ...]: ...
        def imported(self, full: str) -> str | None: ...
        def settings(self) -> tuple[Setting, ...]: ...
        def twins(self) -> tuple[Twins, ...]: ...
        def recording_faults(self) -> tuple[str, ...]: ...
        def package_changes(self) -> tuple[PackageChange, ...]: ...
        def opening_drift(self) -> Drift | None: ...
        def place(self) -> str: ...

    Headline = tuple[Literal["reproduced", "differs", "unknown", "nothing run"], str]

__all__ = ["headline", "plan_of", "silenced", "status_of", "walk", "warn_before"]


def walk(session: Record, document: Document) -> Replay:
    """Simulate Restart & Run All over the session's record."""
    return replay(document, session.ledger.runs, _given(session))


def warn_before(session: Record, document: Document, cell: CellId, reads: Sequence[Use]) -> str:
    """Return the line to say before a cell runs on what run-all would not give it; else nothing."""
    found = foresee(document, session.ledger.runs, _given(session), cell=cell, reads=reads)
    source = next((each.source for each in document.cells if each.id == cell), "")
    if found is None or allowance(source, CODES[found[0]][0]) or silenced(session, document, found[0]):
        return ""
    verdict, sentence = found
    label = next(each.label for each in document.cells if each.id == cell)
    about = sentence.replace("it read ", "it reads ", 1).replace("it ran ", "it runs ", 1)
    return f"repro: {label} is about to {verdict_in_words(verdict, will=True)}: {about}."


def silenced(session: Record, document: Document, verdict: Verdict) -> bool:
    """Tell whether the project does not want to hear of a verdict."""
    settings, notebook, _ = decided(session.rules_table, session.folder(), document.path)
    code = CODES[verdict][0]
    return not settings.asks(code) or bool(settings.reason(code, notebook))


def _given(session: Record) -> Given:
    ledger = session.ledger
    return Given(
        base=ledger.base,
        outside={**files.current(ledger.runs.files, session.folder()), **session.fresh_modules()},
        names_of=session.names_of,
        may_set=session.may_set,
        imported=session.imported,
    )


def plan_of(walked: Replay, session: Record) -> Plan:
    """Return the shortest way to a reproduced document."""
    return make_plan(walked, session.ledger.live, session.names_of)


def status_of(session: Record, document: Document, environment: Environment | None) -> Status:
    """Return all facts about the document at this moment."""
    walked = walk(session, document)
    plan = plan_of(walked, session)
    faults = session.recording_faults()
    running = session.running_cells()
    verdict, sentence = headline([said for said in walked.verdicts if said.id not in running], faults)
    settings = session.settings()
    asked, notebook, fault = decided(session.rules_table, session.folder(), document.path)
    facts = Facts(
        verdicts=walked.verdicts,
        plan=plan,
        stops_at=walked.stops_at,
        runs=tuple(session.ledger.runs),
        governed=session.plan,
        settings=settings,
        environment=environment,
        sources={cell.id: cell.source for cell in document.cells},
        hash_seed_fixed=hash_seed_in_force() is not None,
        twins=session.twins(),
        recording_faults=faults,
        package_changes=session.package_changes(),
        drift=session.opening_drift(),
        data=data_facts(session),
        path=notebook,
        settings_fault=fault,
    )
    return Status(
        verdict=verdict,
        headline=sentence,
        cells=walked.verdicts,
        plan=plan,
        findings=check(facts, asked),
        governed=session.plan,
        settings=settings,
        document=DocumentFacts(origin=document.origin, path=document.path, note=document.note),
        recording=session.place(),
        environment=environment,
    )


def headline(verdicts: Sequence[CellVerdict], faults: Sequence[str]) -> Headline:
    """Join the verdicts of the cells to one word and one sentence.

    ``reproduced`` is said only if every cell of the document is, and the record has no gaps. The cell that
    asks is left out by the caller: it has not ended.
    """
    run = [said for said in verdicts if said.order is not None]
    departing = [said for said in run if said.verdict not in ("reproduced", "unknown")]
    unknown = [said for said in run if said.verdict == "unknown"]
    not_run = len(verdicts) - len(run)
    rest = f"; {_count(not_run)} not run yet" if not_run else ""
    if not run:
        return "nothing run", "No cell of this notebook has been recorded yet"
    if departing:
        return (
            "differs",
            f"Restart & Run All would not give what {_count(len(departing))} of {len(run)} show{rest}",
        )
    if faults:
        return "unknown", f"Unknown: {faults[-1]}"
    if unknown:
        why = unknown[0].why[0] if unknown[0].why else ""
        return (
            "unknown",
            f"Unknown for {_count(len(unknown))} of {len(run)} ({unknown[0].label}: {why}){rest}",
        )
    if not_run:
        return "unknown", f"Restart & Run All would give what the {_count(len(run))} run so far show{rest}"
    return "reproduced", f"Restart & Run All would give these results ({_count(len(run))})"


def _count(number: int) -> str:
    return f"{number} cell" if number == 1 else f"{number} cells"
