"""What is told of work in the background: export, verify, prove."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

__all__ = ["Job", "JobKind", "JobResult", "JobRow", "Refusal", "judged"]

JobKind = Literal["export", "verify", "prove"]


class JobRow(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a job that runs a notebook."""

    cell: str
    """Its id; empty where the bundle has none."""
    label: str
    state: Literal["running", "ran", "reproduced", "volatile", "differs", "error", "not run"]
    """``running`` and ``ran`` while it goes on; then its verdict, as a report of a verification has it."""
    detail: str = ""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against an export, until its author answers for it."""

    code: str
    kind: str
    """In two words: ``not seeded``, ``not reproduced``, ``data missing``, ``secret found``."""
    message: str
    remedy: str


class JobResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a job that ended well has made."""

    sentence: str
    path: str = ""
    """The bundle, as the client named its folder."""
    report: str = ""
    """The HTML report, beside the bundle."""
    command: str = ""
    """What a reviewer types."""
    size: int | None = None
    """Bytes."""
    exit_code: int | None = None
    """Of verify and prove: 0 only if every cell was reproduced."""
    findings: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work at one moment."""

    id: str
    kind: JobKind
    state: Literal["running", "cancelling", "done", "failed", "cancelled"]
    about: str
    """The file."""
    started: float
    """Seconds since 1970, UTC."""
    ended: float | None = None
    step: str = ""
    """What it does now, in words."""
    number: int | None = None
    """Which step this is, from 1; None: not known."""
    of: int | None = None
    """How many steps there are; None: not known."""
    cell: int | None = None
    """Which cell runs, from 1."""
    cells: int | None = None
    """How many cells there are."""
    estimate_s: float | None = None
    """How long it will still take; None: not known."""
    result: JobResult | None = None
    message: str = ""
    """Why it failed."""
    remedy: str = ""
    refused: tuple[Refusal, ...] = ()
    """Why an export was refused, where its author may answer for it."""
    rows: tuple[JobRow, ...] = ()
    """In an event only the rows that are new or another; in a reply all of them."""


def judged(cell: str, label: str, verdict: str, why: str) -> JobRow:
    """Return the row of a cell that was compared."""
    state: Any = "reproduced" if verdict in ("identical", "equivalent", "within tolerance") else verdict
    return JobRow(cell=cell, label=label, state=state, detail=f"{verdict}: {why}" if why else verdict)
