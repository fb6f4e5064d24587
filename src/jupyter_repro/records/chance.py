"""The nondeterminism report: what lets two runs differ, what it did, and what was not looked at."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

from .cells import CellId  # noqa: TC001 - msgspec resolves the field types at run time
from .findings import Severity  # noqa: TC001 - as above
from .settings import SeedPlan, Setting  # noqa: TC001 - as above

__all__ = ["ChanceKind", "ChanceReport", "ChanceSource", "Uncovered"]

ChanceKind = Literal[
    "seeds",
    "leaks",
    "operations",
    "streams",
    "settings",
    "hash seed",
    "threads",
    "mixed precision",
    "training",
]


class ChanceSource(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that lets two runs differ, with what it was seen to do."""

    kind: ChanceKind
    code: str
    """The finding's code; empty where the source is no finding."""
    severity: Severity
    what: str
    remedy: str
    cell: CellId | None = None
    allowed: str = ""
    """The reason for which the notebook allows it."""
    measured: bool = False
    """Whether its effect on the verdicts of cells was seen; if not, ``effect`` says why."""
    effect: str
    changes: tuple[CellId, ...] = ()
    """The cells that are ``unknown`` or ``rng shifted`` because of it."""
    spoils: tuple[CellId, ...] = ()
    """The cells that hang on those."""


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    """Something in which chance may enter unseen."""

    what: str
    where: str
    """``cell 3, line 2``; ``everywhere``."""
    why: str


class ChanceReport(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment. ``to_json`` is a stable format, see docs/determinism.md."""

    schema: int = 1
    notebook: str | None
    verdict: str
    headline: str
    governed: SeedPlan | None
    sources: tuple[ChanceSource, ...]
    in_force: tuple[Setting, ...]
    """What is controlled, and how that is known."""
    uncovered: tuple[Uncovered, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
