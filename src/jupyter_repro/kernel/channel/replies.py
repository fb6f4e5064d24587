"""What the kernel answers, on the comm of role ``requests``, each with the id of its request."""

from __future__ import annotations

from typing import Literal

import msgspec

from jupyter_repro.records import CellVerdict, SeedPlan, Setting  # noqa: TC001 - msgspec resolves the field types at run time
from jupyter_repro.records.drift import Drift as DriftFacts  # noqa: TC001 - as above
from jupyter_repro.records.inputs import SeenInputs  # noqa: TC001 - as above
from jupyter_repro.records.run_diff import RunDiff  # noqa: TC001 - as above

from .facts import Busy, PlanInShort, State  # noqa: TC001 - as above
from .jobs import Job, Refusal  # noqa: TC001 - as above
from .sections import (  # noqa: TC001 - as above
    BundlePart,
    CheckItem,
    Device,
    EnvironmentFact,
    Flow,
    Leaking,
    PackageFact,
    RunInShort,
    Stream,
    TrackedInShort,
)

__all__ = [
    "BundlePlan",
    "Checklist",
    "Dataflow",
    "Diff",
    "Done",
    "Drift",
    "Edit",
    "Environment",
    "Failed",
    "FailureCode",
    "Governed",
    "Gpu",
    "Inputs",
    "IsBusy",
    "JobTold",
    "Opened",
    "Planned",
    "Pong",
    "Randomness",
    "Reply",
    "Runs",
    "Tracked",
    "Whole",
]

FailureCode = Literal[
    "bad message",
    "unknown request",
    "too large",
    "protocol",
    "resync",
    "not open",
    "refused",
    "not available",
    "failed",
]


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every reply has."""

    id: str
    """Of the request; empty where the message had none."""


class Failed(Answer, frozen=True, kw_only=True, tag="error"):
    """It could not be done."""

    code: FailureCode
    message: str
    remedy: str


class IsBusy(Answer, frozen=True, kw_only=True, tag="busy"):
    """It needs a kernel that is idle, and a cell runs: ask again when the event ``kernel`` says so."""

    busy: Busy


class Done(Answer, frozen=True, kw_only=True, tag="done"):
    """It is done."""


class Opened(Answer, frozen=True, kw_only=True, tag="opened"):
    """The client is linked; events follow from ``seq`` + 1 on."""

    protocol: int
    version: str
    """Of the kernel's package."""
    kernel: str
    """The name of this kernel life."""
    seq: int
    state: State


class Whole(Answer, frozen=True, kw_only=True, tag="state"):
    """All facts; events follow from ``seq`` + 1 on."""

    seq: int
    state: State


class Pong(Answer, frozen=True, kw_only=True, tag="pong"):
    """The kernel is there."""

    busy: Busy | None


class Governed(Answer, frozen=True, kw_only=True, tag="governed"):
    """What is in force."""

    queued: bool
    """True: a cell runs, it takes effect before the next one."""
    sentence: str
    governed: SeedPlan | None
    settings: tuple[Setting, ...]


class Edit(Answer, frozen=True, kw_only=True, tag="edit"):
    """A new first line for a cell; the front end writes it, so that the user can undo it."""

    cell: str
    line: str
    """To be put above the cell's source, after lines that begin with ``%%``."""


class Tracked(Answer, frozen=True, kw_only=True, tag="tracked"):
    """What the manifest of data says now."""

    sentence: str
    manifest: str


class Planned(Answer, frozen=True, kw_only=True, tag="plan"):
    """What to run, in order."""

    plan: PlanInShort
    cells: tuple[CellVerdict, ...]
    """For ``run cells``: those to run, in order, each with what is wrong with it now."""


class Diff(Answer, frozen=True, kw_only=True, tag="diff"):
    """Two runs beside each other."""

    diff: RunDiff


class JobTold(Answer, frozen=True, kw_only=True, tag="job"):
    """A job as it stands."""

    job: Job


class Randomness(Answer, frozen=True, kw_only=True, tag="randomness"):
    """Who draws, governed by what."""

    governed: SeedPlan | None
    settings: tuple[Setting, ...]
    streams: tuple[Stream, ...]
    leaks: tuple[Leaking, ...]


class Environment(Answer, frozen=True, kw_only=True, tag="environment"):
    """What the run stands on."""

    facts: tuple[EnvironmentFact, ...]
    packages: tuple[PackageFact, ...]
    more_packages: int
    changes: tuple[str, ...]
    """What was installed or removed while the kernel lived."""
    conflicts: tuple[str, ...]


class Drift(Answer, frozen=True, kw_only=True, tag="drift"):
    """What differs from the environment that made the saved outputs."""

    drift: DriftFacts
    devices: tuple[str, ...] = ()
    """Names of those differences that are of devices which compute."""


class Gpu(Answer, frozen=True, kw_only=True, tag="gpu"):
    """Devices at this moment."""

    devices: tuple[Device, ...]
    absent: str
    """Why there is none; empty where there is one."""
    at: float


class Inputs(Answer, frozen=True, kw_only=True, tag="inputs"):
    """Files that cells read and wrote, and whom they talked to."""

    inputs: SeenInputs
    more_files: int


class Runs(Answer, frozen=True, kw_only=True, tag="runs"):
    """Recorded runs of this notebook, the newest first, and what trackers have of the one that goes on."""

    runs: tuple[RunInShort, ...]
    run: str = ""
    """The name by which trackers know it; empty: they have none of it."""
    trackers: tuple[TrackedInShort, ...] = ()


class Checklist(Answer, frozen=True, kw_only=True, tag="checklist"):
    """What makes a notebook reproducible, item by item, with evidence."""

    items: tuple[CheckItem, ...]


class BundlePlan(Answer, frozen=True, kw_only=True, tag="bundle"):
    """What an export would hold, before it is written."""

    suggested: str
    """Name of the zip."""
    parts: tuple[BundlePart, ...]
    bytes: int
    refused: str
    """Why an export would be refused now; empty: it would not."""
    remedy: str
    command: str
    """What a reviewer will type."""
    sentence: str = ""
    """What will be run, and how long that takes."""
    unknown: tuple[str, ...] = ()
    """What is not known before the run."""
    refusals: tuple[Refusal, ...] = ()
    """What speaks against it, as far as that is known, and its author may answer for."""


class Dataflow(Answer, frozen=True, kw_only=True, tag="dataflow"):
    """Which cell feeds which."""

    cell: str | None
    flows: tuple[Flow, ...]
    more_flows: int


Reply = (
    BundlePlan
    | Checklist
    | Dataflow
    | Diff
    | Done
    | Drift
    | Edit
    | Environment
    | Failed
    | Governed
    | Gpu
    | Inputs
    | IsBusy
    | JobTold
    | Opened
    | Planned
    | Pong
    | Randomness
    | Runs
    | Tracked
    | Whole
)
