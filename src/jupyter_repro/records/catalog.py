"""The record of one run: what it was, what it stood on, what it gave."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

from .absence import Missing  # noqa: TC001 - msgspec resolves the field types at run time
from .configs import Config  # noqa: TC001 - as above
from .settings import SeedPlan, Setting  # noqa: TC001 - as above
from .trackers import DataRevision, TrackedRun  # noqa: TC001 - as above

__all__ = ["SCHEMA", "Bundled", "CodeRevision", "RanCell", "Run", "RunInput", "RunKind", "RunNote"]

SCHEMA = 1

RunKind = Literal["session", "snapshot", "note", "export"]
"""A kernel's life, looked at when it ended; a moment of it; a moment with a reason; the run that made a bundle."""


class CodeRevision(msgspec.Struct, frozen=True, kw_only=True, tag="git", tag_field="is"):
    """The revision of the folder that the notebook lies in."""

    commit: str
    branch: str | None
    dirty: bool
    detail: str
    """The object that holds all of it, the patch among it."""


class RunInput(msgspec.Struct, frozen=True, kw_only=True):
    """What the run read and no cell of it had made."""

    resource: str
    """``file:data/train.csv``, ``module:utils``."""
    digest: str | None
    """None: ``why`` says why it is not known."""
    why: str = ""


class RanCell(msgspec.Struct, frozen=True, kw_only=True):
    """The latest run of one cell."""

    id: str
    label: str
    source: str
    """Digest of the source that ran."""
    outputs: str | None
    """Digest of what it showed; None: not known; empty: it only speaks to jupyter_repro, which is no result."""
    ended: str = "ok"
    order: int = 0
    duration_s: float = 0.0
    verdict: str = ""
    """Of the replay at that moment; empty: not judged."""


class RunNote(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the decision log."""

    text: str
    at: float
    """Seconds since 1970, UTC."""
    cell: str | None = None


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """The bundle that the run made."""

    id: str
    """Its digest, as `jupyter repro inspect` tells it."""
    name: str


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run. ``to_json`` is a stable format, see docs/runs-json.md."""

    schema: int = SCHEMA
    id: str
    """Ids sort by the time at which they were given: with the record, or when a tracker first asked for it."""
    kind: RunKind
    made: float
    """When the record was made, seconds since 1970, UTC."""
    started: float | None = None
    """When its first cell began."""
    kernel: str
    """The name of the kernel life; empty for an export from a terminal."""
    notebook: str
    """Relative to the top of the repository, else its name; empty where it is not known."""
    code: CodeRevision | Missing
    environment: str
    """The object that holds the environment: its SHA-256."""
    seed: SeedPlan | None = None
    settings: tuple[Setting, ...] = ()
    inputs: tuple[RunInput, ...] = ()
    configs: tuple[Config, ...] | None = None
    """What it was configured with, references unresolved and without credentials; None: not looked."""
    cells: tuple[RanCell, ...] = ()
    """In document order."""
    verdict: str = ""
    """Of the notebook at that moment; empty: not judged."""
    headline: str = ""
    notes: tuple[RunNote, ...] = ()
    """The decision log of the kernel's life so far."""
    checkpoints: tuple[str, ...] = ()
    """Those that the run saved and that stayed, as ``path@digest``."""
    trackers: tuple[TrackedRun, ...] = ()
    """Runs of MLflow and the like that the kernel began so far."""
    data: tuple[DataRevision, ...] | None = None
    """What DVC and Hugging Face call the data; None: not looked."""
    bundle: Bundled | None = None
    absent: dict[str, str] = {}
    """Why a part is missing, by its name."""
    made_with: str = ""
    """The version of jupyter_repro."""

    @property
    def why(self) -> str:
        """The note that this record was made for, else the last one."""
        return self.notes[-1].text if self.notes else ""

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
