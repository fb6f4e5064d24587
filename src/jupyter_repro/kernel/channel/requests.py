"""What a panel asks for, on the comm of role ``requests``: each has an id, and gets one reply with it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from jupyter_repro.records import EntropyMode, Strictness  # noqa: TC001 - msgspec resolves the field types at run time

from .limits import MOST_CELLS, CellName, Long, Name, Short, Source

__all__ = [
    "Allow",
    "Annotate",
    "Cancel",
    "CommOpened",
    "DiffRuns",
    "DocumentCell",
    "DocumentChange",
    "Export",
    "Govern",
    "Off",
    "Open",
    "Ping",
    "Plan",
    "Prove",
    "Request",
    "Role",
    "Section",
    "SectionName",
    "SetNotices",
    "ShowState",
    "Track",
    "Verify",
    "Watch",
    "Weigh",
    "Wishing",
]

Role = Literal["requests", "events"]

SectionName = Literal[
    "randomness", "environment", "gpu", "inputs", "runs", "checklist", "bundle", "dataflow", "drift"
]


class CommOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The data with which a front end opens a comm of the target ``jupyter_repro``."""

    role: Role
    client: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    """One id for one page and notebook, kept over a reload; its older comms are dropped."""
    protocol: int


class Asking(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every request has."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """Chosen by the client; the reply has it too."""


class DocumentCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell as the front end has it now."""

    id: CellName
    type: Literal["code", "markdown", "raw"]
    source: Source
    tags: Annotated[tuple[Name, ...], msgspec.Meta(max_length=100)] = ()


class DocumentChange(msgspec.Struct, frozen=True, kw_only=True):
    """The document, or what is another in it since the client's last message."""

    path: Long | None = None
    """Of the notebook, absolute or relative to the server's root; None: as it was."""
    order: Annotated[tuple[CellName, ...], msgspec.Meta(max_length=MOST_CELLS)] | None = None
    """The ids of all cells, in order; None: as it was."""
    cells: Annotated[tuple[DocumentCell, ...], msgspec.Meta(max_length=MOST_CELLS)] = ()
    """Cells that are new or whose text, type or tags have changed."""
    dirty: bool = False
    """Whether the front end has changes that are not saved."""


class Open(Asking, frozen=True, kw_only=True, tag="open"):
    """The first request: who asks, and the whole document. Reply: ``opened``."""

    protocol: int
    version: Name = ""
    """Of the front end's package."""
    document: DocumentChange | None = None
    """All cells; None: the front end has no document (a console)."""


class Document(Asking, frozen=True, kw_only=True, tag="document"):
    """The document has changed. Reply: ``done``; an ``error`` ``resync`` asks for all cells."""

    document: DocumentChange


class ShowState(Asking, frozen=True, kw_only=True, tag="state"):
    """All facts anew, after a gap in the events' numbers. Reply: ``state``."""


class Section(Asking, frozen=True, kw_only=True, tag="section"):
    """The facts of one section of the panel. Reply: a message of the section's own type."""

    name: SectionName
    cell: CellName | None = None
    """The cell that ``dataflow`` is about; None: of the whole document."""
    run: Name = ""
    """What ``drift`` compares with; empty: the run that made the saved outputs."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    """How many ``runs``."""


class Watch(Asking, frozen=True, kw_only=True, tag="watch"):
    """What the client wants to hear of from now on. Reply: ``done``."""

    show: Literal["everything", "headline", "nothing"]
    """``headline`` leaves out cells and findings (a hidden panel without badges); jobs are told in any case."""


class Ping(Asking, frozen=True, kw_only=True, tag="ping"):
    """Is the kernel there, does a cell run? Reply: ``pong``."""


class Govern(Asking, frozen=True, kw_only=True, tag="govern"):
    """Put seed and strictness in force, as ``%repro seed=42 strict``. Reply: ``governed``, at once or ``queued``."""

    seed: Annotated[int, msgspec.Meta(ge=0)] | None = None
    strictness: Strictness | None = None
    entropy: EntropyMode | None = None
    per_cell: bool | None = None


class Off(Asking, frozen=True, kw_only=True, tag="off"):
    """Give back every generator and setting and record no more, as ``%repro off``. Reply: ``done`` or ``busy``."""


class SetNotices(Asking, frozen=True, kw_only=True, tag="notices"):
    """Whether a line is printed below a cell that departs from run-all. Reply: ``done``."""

    on: bool


class Allow(Asking, frozen=True, kw_only=True, tag="allow"):
    """Allow findings of one code in one cell, with a reason. Reply: ``edit``: the front end writes it into the cell."""

    cell: CellName
    code: Name
    reason: Short


class Annotate(Asking, frozen=True, kw_only=True, tag="annotate"):
    """Keep a note beside an item of the checklist; an empty one takes it away. Reply: ``checklist``."""

    key: Name
    """Of the item."""
    text: Short


class Track(Asking, frozen=True, kw_only=True, tag="track"):
    """Write down the digests of files in the manifest of data, or take over changed ones. Reply: ``tracked``."""

    paths: Annotated[tuple[Long, ...], msgspec.Meta(min_length=1, max_length=1000)]
    accept: bool = False
    """Take over files that have changed since they were tracked."""


class Plan(Asking, frozen=True, kw_only=True, tag="plan"):
    """Which cells to run, in which order, so that every cell is reproduced. Reply: ``plan``."""


class DiffRuns(Asking, frozen=True, kw_only=True, tag="diff"):
    """Two recorded runs beside each other. Reply: ``diff``."""

    first: Name
    second: Name


Words = Annotated[tuple[Long, ...], msgspec.Meta(max_length=1000)]


class Wishing(Asking, frozen=True, kw_only=True):
    """What may be asked of a bundle; texts are as the options of ``jupyter repro export`` have them."""

    path: Long
    """Of the zip, relative to the notebook's folder; empty: as the notebook's."""
    calibrate: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    profile: Literal["cpu", "gpu"] = "cpu"
    cell_timeout_s: Annotated[float, msgspec.Meta(gt=0)] | None = None
    allowed_secrets: Words = ()
    prove: bool = True
    """Whether the notebook is run; if not, its saved outputs are the reference, and the bundle says so."""
    offline: bool = False
    """Whether every wheel travels in the bundle."""
    anonymous: bool = False
    """For double-blind review: nothing tells who the author is."""
    max_data: Short = ""
    """How much data are packed at most: ``500MB``; empty: 1 GB."""
    addresses: Words = ()
    """Where readers get a file that is not packed: ``data/train.bin=https://...``."""
    include: Words = ()
    """Files to pack that the run was not seen to read."""
    claims: Words = ()
    """What a paper says, tied to a cell: ``cell 7: Table 2, row 3``."""
    waivers: Words = ()
    """Findings that their author answers for: ``RP801=why``."""
    image: Short = ""
    """The base of the Dockerfile, by digest."""
    sign: Long = ""
    """The private key of ssh that signs; empty: not signed."""


class Export(Wishing, frozen=True, kw_only=True, tag="export"):
    """Write the bundle, in the background. Reply: ``job``; what follows are events."""


class Weigh(Wishing, frozen=True, kw_only=True, tag="weigh"):
    """What such a bundle would hold and weigh, and what would refuse it; nothing runs. Reply: ``bundle``."""


class Verify(Asking, frozen=True, kw_only=True, tag="verify"):
    """Verify a bundle, in the background. Its code is run. Reply: ``job``."""

    path: Long
    """Of the zip, relative to the notebook's folder."""
    sandbox: Literal["required", "if-possible", "off"] | None = None
    """None: the variable `JUPYTER_REPRO_SANDBOX`, or else `required`."""
    network: bool = False
    """Whether its notebook may use the network."""


class Prove(Asking, frozen=True, kw_only=True, tag="prove"):
    """Run the saved notebook in a kernel of its own and compare, in the background. Reply: ``job``.

    The front end saves the notebook before it asks.
    """

    profile: Literal["cpu", "gpu"] = "cpu"
    """Which tolerance numbers are compared with."""
    cell_timeout_s: Annotated[float, msgspec.Meta(gt=0)] | None = None
    """Longest time for one cell, in seconds."""


class Cancel(Asking, frozen=True, kw_only=True, tag="cancel"):
    """End a job. Reply: ``job``."""

    job: Name


Request = (
    Allow
    | Annotate
    | Cancel
    | DiffRuns
    | Document
    | Export
    | Govern
    | Off
    | Open
    | Ping
    | Plan
    | Prove
    | Section
    | SetNotices
    | ShowState
    | Track
    | Verify
    | Watch
    | Weigh
)

__all__ += ["Document"]
