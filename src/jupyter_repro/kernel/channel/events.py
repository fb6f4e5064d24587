"""What the kernel tells by itself, on the comm of role ``events``, numbered from 1 for each client."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from jupyter_repro.records import CellVerdict, SeedPlan, Setting, Severity  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.records.status import DocumentFacts  # noqa: TC001 - as above

from .facts import Busy, PanelFinding, PlanInShort, Word  # noqa: TC001 - as above
from .jobs import Job  # noqa: TC001 - as above

__all__ = ["Closed", "Delta", "Event", "Hello", "JobChanged", "KernelChanged", "Noticed"]


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every event has."""

    seq: int
    """One more than the last event's of this client: a gap means that one was lost, ask for ``state``."""


class Delta(Told, frozen=True, kw_only=True, tag="delta"):
    """What is another in the state since the last event or ``state``; a field that is absent is as it was."""

    at: float
    verdict: Word | UnsetType = UNSET
    headline: str | UnsetType = UNSET
    cells: tuple[CellVerdict, ...] | UnsetType = UNSET
    """New or changed ones."""
    order: tuple[str, ...] | UnsetType = UNSET
    """The ids of all cells in document order, where it is another; cells that are not named are gone."""
    findings: tuple[PanelFinding, ...] | UnsetType = UNSET
    """New or changed ones, by ``key``."""
    findings_gone: tuple[str, ...] | UnsetType = UNSET
    """Keys."""
    more_findings: int | UnsetType = UNSET
    plan: PlanInShort | UnsetType = UNSET
    governed: SeedPlan | UnsetType | None = UNSET
    settings: tuple[Setting, ...] | UnsetType = UNSET
    """All of them."""
    document: DocumentFacts | UnsetType = UNSET
    recording: str | UnsetType = UNSET
    recording_on: bool | UnsetType = UNSET
    notices: bool | UnsetType = UNSET


class KernelChanged(Told, frozen=True, kw_only=True, tag="kernel"):
    """A cell has begun, or the kernel is idle again."""

    busy: Busy | None


class JobChanged(Told, frozen=True, kw_only=True, tag="job"):
    """A job has gone on: all of it, but of its rows only those that are another."""

    job: Job


class Noticed(Told, frozen=True, kw_only=True, tag="notice"):
    """A line for the user, such as that a cell has departed from run-all."""

    severity: Severity
    text: str
    cell: str | None = None


class Closed(Told, frozen=True, kw_only=True, tag="closed"):
    """The last event: the kernel tells this client no more."""

    reason: Literal["unloaded", "replaced", "restarting"]


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the short comm on ``jupyter_repro.hello``: the extension has been loaded."""

    protocol: int
    version: str
    kernel: str


Event = Closed | Delta | JobChanged | KernelChanged | Noticed
