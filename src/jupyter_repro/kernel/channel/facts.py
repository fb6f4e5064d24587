"""The state as a panel gets it: the fields of docs/status-json.md, bounded, each finding with its key and remedy's act."""

from __future__ import annotations

from typing import Literal

import msgspec

from jupyter_repro.records import CellVerdict, SeedPlan, Setting, Severity  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.records.status import DocumentFacts  # noqa: TC001 - as above

from .jobs import Job  # noqa: TC001 - as above

__all__ = ["Busy", "Fix", "PanelFinding", "PlanInShort", "State", "Word"]

Word = Literal["reproduced", "differs", "unknown", "nothing run"]
Act = Literal["seed", "run plan", "restart", "restart with hash seed", "track", "accept"]


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """What a button beside a finding does."""

    act: Act
    paths: tuple[str, ...] = ()
    """The files, for ``track`` and ``accept``."""


class PanelFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    key: str
    """The same for the same finding at another moment."""
    code: str
    severity: Severity
    message: str
    remedy: str
    cell: str | None = None
    fix: Fix | None = None
    """None: there is nothing that a button could do."""
    may_allow: bool = False
    """Whether the author may allow it in its cell, with a reason."""


class PlanInShort(msgspec.Struct, frozen=True, kw_only=True):
    """The plan; its cells are asked for with ``plan``."""

    kind: Literal["nothing", "run cells", "restart and run all"]
    sentence: str
    count: int
    """How many cells are to run."""
    look_again: bool
    why: str


class Busy(msgspec.Struct, frozen=True, kw_only=True):
    """A cell runs."""

    since: float
    """Seconds since 1970, UTC."""
    cell: str | None
    """Its id, where the front end told it."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """All that a panel shows at first sight, at one moment."""

    at: float
    """Seconds since 1970, UTC."""
    verdict: Word
    headline: str
    cells: tuple[CellVerdict, ...]
    """In document order."""
    findings: tuple[PanelFinding, ...]
    more_findings: int
    """How many were left out."""
    plan: PlanInShort
    governed: SeedPlan | None
    settings: tuple[Setting, ...]
    document: DocumentFacts
    recording: str
    recording_on: bool
    """False after ``%repro off``."""
    notices: bool
    """Whether a line is printed below a cell that departs."""
    busy: Busy | None
    jobs: tuple[Job, ...]
    """Those that run, and the last ones that ended."""
