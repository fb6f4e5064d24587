"""What a ``%repro`` line asks for, as data."""

from __future__ import annotations

from typing import Literal

import msgspec

from jupyter_repro.bundle.options import ExportWish
from jupyter_repro.records import EntropyMode, Strictness  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = [
    "Checkpoint",
    "CheckpointAct",
    "Data",
    "DataAct",
    "Explain",
    "Export",
    "Form",
    "Govern",
    "Http",
    "HttpAct",
    "Note",
    "Off",
    "Prove",
    "ProveAct",
    "Request",
    "Restart",
    "ShowConfig",
    "ShowDrift",
    "ShowEnvironment",
    "ShowGpu",
    "ShowInputs",
    "ShowPanel",
    "ShowPlan",
    "ShowReport",
    "ShowRuns",
    "ShowStatus",
    "ShowTrackers",
    "Sweep",
    "Trace",
    "TraceAct",
    "Twice",
]

Form = Literal["text", "json", "html"]
TraceAct = Literal["show", "start", "stop", "diff"]
HttpAct = Literal["record", "replay", "refresh"]
GoldenAct = Literal["record", "check", "show", "calibrate"]
ProveAct = Literal["start", "wait", "cancel", "idle"]
CheckpointAct = Literal["list", "show", "verify", "save", "load"]
DataAct = Literal["track", "verify", "accept", "list"]


class ShowStatus(msgspec.Struct, frozen=True):
    """``%repro`` or ``%repro status [verbose|json]``."""

    verbose: bool = False
    json: bool = False


class Govern(msgspec.Struct, frozen=True):
    """``%repro seed=42 strict``; what is not named stays as it is."""

    seed: int | None = None
    strictness: Strictness | None = None
    notices: bool | None = None
    """Whether a line is printed when a cell departs from run-all."""
    entropy: EntropyMode | None = None
    """What becomes of draws that no seed governs."""
    tf32: str | None = None
    """``off``, or ``keep``: left as it is."""
    threads: str | None = None
    """How many threads add up, or ``keep``."""
    per_cell: bool | None = None
    """Whether every cell draws from (seed, its id)."""
    workers: bool | None = None
    """Whether workers of torch's DataLoader get streams of their own."""

    @property
    def asks(self) -> bool:
        """Whether it is about the plan, and not about notices or workers alone."""
        return self != Govern(notices=self.notices, workers=self.workers)

    @property
    def switches(self) -> dict[str, str]:
        """Values of switches by word, whatever the strictness."""
        named = {"tf32": self.tf32, "threads": self.threads}
        return {word: value for word, value in named.items() if value is not None}


class ShowReport(msgspec.Struct, frozen=True):
    """``%repro report [json|html] [PATH]``."""

    form: Form = "text"
    path: str = ""
    """Where to write it; empty: it is shown."""


class ShowPlan(msgspec.Struct, frozen=True):
    """``%repro plan`` or ``%repro run-stale``: what to run so that every cell is reproduced."""

    run: bool = False


class ShowPanel(msgspec.Struct, frozen=True):
    """``%repro panel``: the panel as a widget below the cell."""


class ShowEnvironment(msgspec.Struct, frozen=True):
    """``%repro env [verbose|json|check]``."""

    verbose: bool = False
    json: bool = False
    check: bool = False
    """Also read every installed file, to find those that were edited by hand."""


class ShowConfig(msgspec.Struct, frozen=True):
    """``%repro config [verbose|json [PATH]]``."""

    verbose: bool = False
    """All values, however many."""
    json: bool = False
    path: str = ""
    """Where to write the JSON; empty: it is shown."""


class ShowDrift(msgspec.Struct, frozen=True):
    """``%repro drift [RUN] [verbose|json]``."""

    run: str = ""
    """What to compare with; empty: the run that made the saved outputs."""
    verbose: bool = False
    json: bool = False


class ShowGpu(msgspec.Struct, frozen=True):
    """``%repro gpu [sample=on|off]``."""

    sample: bool | None = None
    """Whether the devices are looked at every second; None: as it is."""


class Off(msgspec.Struct, frozen=True):
    """``%repro off``."""


class Restart(msgspec.Struct, frozen=True):
    """``%repro restart [now] [hashseed=0] [threads=4]``."""

    now: bool = False
    """Without a question."""
    hash_seed: int = 0
    threads: int | None = None


class Export(msgspec.Struct, frozen=True):
    """``%repro export [paper.repro.zip] [plan] [calibrate=2 ...]``."""

    path: str = ""
    """Empty: the notebook's name."""
    wish: ExportWish = ExportWish()
    plan: bool = False
    """Only say what it would hold and weigh."""


class Prove(msgspec.Struct, frozen=True, kw_only=True):
    """``%repro prove [wait] [allow=FOLDER] [profile=gpu] [timeout=600]``, ``prove cancel``, ``prove idle=10m|off``."""

    act: ProveAct = "start"
    allowed: tuple[str, ...] = ()
    """Folders outside the project that cells may write to."""
    profile: Literal["cpu", "gpu"] = "cpu"
    cell_timeout_s: float | None = None
    idle_s: float | None = None
    """For how long no cell has run before a proof begins by itself; None: none does."""


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """``%repro sweep train|notebook|cell=3 seeds=16 metric=acc ...``, or ``%%repro sweep ...`` above a cell."""

    subject: str = ""
    """``notebook``, or the name of a function; empty: the cell."""
    cell: str = ""
    seeds: tuple[int, ...] = tuple(range(16))
    metrics: tuple[str, ...] = ()
    claim: str = ""
    params: tuple[tuple[str, str], ...] = ()
    repeats: int = 2
    ulp: int = 0
    threads: tuple[int, ...] = ()
    hash_seeds: int = 0
    pin: int = 1
    seed: int | None = None
    seed_parameter: str = ""
    jobs: int | None = None
    engine: str | None = None
    timeout_s: float | None = None
    keep: bool = True
    html: str = ""
    """A file for the page."""


class Note(msgspec.Struct, frozen=True):
    """``%repro note "why"`` and ``%repro snapshot``, which is one without a reason."""

    text: str = ""


class ShowRuns(msgspec.Struct, frozen=True):
    """``%repro runs [N] [all] [json]``."""

    limit: int = 10
    everywhere: bool = False
    """Of all notebooks in the store, not of this one alone."""
    json: bool = False


class ShowTrackers(msgspec.Struct, frozen=True):
    """``%repro trackers [json]``."""

    json: bool = False


class Explain(msgspec.Struct, frozen=True):
    """``%repro explain RP301``."""

    code: str


class Trace(msgspec.Struct, frozen=True):
    """``%repro trace start NAME``, ``trace stop [NAME]``, ``trace diff A B``, ``trace``."""

    act: TraceAct = "show"
    names: tuple[str, ...] = ()


class Golden(msgspec.Struct, frozen=True):
    """``%repro golden record|check|show|calibrate NAME [replace] [runs=6]``."""

    act: GoldenAct
    name: str
    replace: bool = False
    """Record over a reference that is there."""
    runs: int = 6
    """Of a calibration."""


class Http(msgspec.Struct, frozen=True):
    """``%%repro http record|replay|refresh [NAME]``."""

    act: HttpAct = "record"
    name: str = ""
    """Of the file; empty: the id of the cell."""


class ShowInputs(msgspec.Struct, frozen=True):
    """``%repro inputs [json]``."""

    json: bool = False


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """``%repro data track|verify|accept|list PATHS``."""

    act: DataAct
    paths: tuple[str, ...] = ()
    manifest: str = ""
    """The manifest to use; empty: the nearest one."""
    full: bool = False
    """Read every byte, also of files that look unchanged."""
    json: bool = False


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """``%repro checkpoint list|show|verify PATH``, ``checkpoint save|load PATH model=net step=n``."""

    act: CheckpointAct = "list"
    path: str = ""
    given: tuple[tuple[str, str], ...] = ()
    """Words with the names of the user's objects, or with numbers."""
    json: bool = False


class Twice(msgspec.Struct, frozen=True):
    """``%%repro twice [anyway] [trace] [seed=42 strict]``."""

    settings: Govern = Govern()
    """What governs both runs."""
    anyway: bool = False
    """Also where the cell has effects outside the kernel."""
    trace: bool = False
    """With the operations of torch beside each other."""


Request = (
    Checkpoint
    | Data
    | Explain
    | Golden
    | ShowStatus
    | ShowReport
    | ShowRuns
    | ShowPanel
    | ShowPlan
    | ShowConfig
    | ShowDrift
    | ShowEnvironment
    | ShowGpu
    | ShowInputs
    | ShowTrackers
    | Govern
    | Http
    | Note
    | Off
    | Prove
    | Restart
    | Export
    | Sweep
    | Trace
    | Twice
)
