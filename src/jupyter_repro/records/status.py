"""The answer: would Restart & Run All give the results on the screen?"""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

from .cells import CellId, Origin  # noqa: TC001 - msgspec resolves the field types at run time
from .environment import Environment  # noqa: TC001 - as above
from .findings import Finding  # noqa: TC001 - as above
from .proof import Proof  # noqa: TC001 - as above
from .settings import SeedPlan, Setting  # noqa: TC001 - as above
from .trackers import TrackedRun  # noqa: TC001 - as above

__all__ = ["CellVerdict", "Plan", "Status", "Verdict"]

Verdict = Literal[
    "reproduced",
    "stale",
    "out of order",
    "hidden state",
    "edited",
    "not run",
    "not idempotent",
    "rng shifted",
    "input changed",
    "unknown",
]


class CellVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether run-all would feed this cell exactly what it was fed."""

    id: CellId
    label: str
    verdict: Verdict
    why: tuple[str, ...] = ()
    """The reasons, one sentence each; empty only for ``reproduced``."""
    because_of: tuple[CellId, ...] = ()
    """The cells behind the reasons."""
    order: int | None = None
    """Its latest run; None if it has none."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The shortest way to a reproduced document."""

    kind: Literal["nothing", "run cells", "restart and run all"]
    cells: tuple[CellId, ...] = ()
    """What to run, in order, for ``run cells``."""
    look_again: bool = False
    """Only when these have run it shows whether other cells, which are ``unknown`` now, have to run too."""
    why: str = ""
    sentence: str = ""
    """The plan as one line for people."""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """All facts at one moment. ``to_json`` is a stable format, see docs/status-json.md."""

    schema: int = 1
    verdict: Literal["reproduced", "differs", "unknown", "nothing run"]
    headline: str
    cells: tuple[CellVerdict, ...]
    plan: Plan
    findings: tuple[Finding, ...]
    governed: SeedPlan | None
    """None while ``%repro`` is off."""
    settings: tuple[Setting, ...]
    document: DocumentFacts
    recording: str
    """``recording to PATH``, or why it is not."""
    environment: Environment | None = None
    proof: Proof | None = None
    """The last run in the shadow; None: there was none in this kernel."""
    proof_since: str = ""
    """What has changed since then, so that it proves nothing about the notebook as it is; empty: nothing has."""
    run: str = ""
    """The name by which trackers know the run of this kernel; empty: they have none, or it leaves no record."""
    trackers: tuple[TrackedRun, ...] = ()
    """The runs that trackers have of this kernel."""

    def to_json(self) -> dict[str, Any]:
        """Return the status as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Where the document order comes from."""

    origin: Origin
    path: str | None
    note: str
