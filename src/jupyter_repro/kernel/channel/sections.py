"""Rows of the panel's sections."""

from __future__ import annotations

from typing import Literal

import msgspec

from jupyter_repro.records.packages import Imported  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = [
    "BundlePart",
    "CheckItem",
    "Device",
    "EnvironmentFact",
    "Flow",
    "Leaking",
    "PackageFact",
    "RunInShort",
    "Stream",
]


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One random number generator."""

    name: str
    """``numpy``, ``torch.cuda:0``."""
    drew: tuple[str, ...]
    """Ids of the cells whose latest run drew from it, in document order."""
    runs: int
    """How many cell runs drew from it, in all."""
    numbers: int | None
    """How many numbers of 32 bits they drew together; None: that could not be told."""
    seeded: bool
    """Whether the seed in force governs it."""


class Leaking(msgspec.Struct, frozen=True, kw_only=True):
    """A line at which entropy came in that no seed governs."""

    cell: str | None
    label: str
    line: int
    text: str
    what: str
    kind: str
    count: int
    derived: bool
    """A value derived from the seed stood in."""


class EnvironmentFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact, as ``%repro env`` shows it."""

    name: str
    value: str


class PackageFact(msgspec.Struct, frozen=True, kw_only=True):
    """One installed package."""

    name: str
    version: str
    imported: Imported
    """``cells``: a cell names it; ``libraries``: what cells import needed it; ``kernel``: it was there before; empty: no."""
    origin: str
    """``index``, ``editable``, ``directory``, ``archive``, ``vcs``."""


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU; None is what its driver does not say."""

    index: int
    title: str
    """What decides its bits, in one line."""
    uuid: str | None
    clock_mhz: int | None
    clock_max_mhz: int | None
    temperature_c: int | None
    slowdown_at_c: int | None
    power_w: float | None
    power_limit_w: float | None
    memory_used_bytes: int | None
    memory_bytes: int | None
    slowed_by: tuple[str, ...]
    throttled: bool
    trust: str
    """Whether its memory can be trusted; empty: it does not say."""


class TrackedInShort(msgspec.Struct, frozen=True, kw_only=True):
    """A run that a tracker has of one of ours."""

    tracker: str
    id: str
    name: str
    address: str
    note: str


class RunInShort(msgspec.Struct, frozen=True, kw_only=True):
    """One recorded run."""

    id: str
    kind: str
    made: float
    verdict: str
    headline: str
    seed: int | None
    commit: str
    dirty: bool
    why: str
    """The note that it was made for."""
    bundle: str
    this_kernel: bool
    trackers: tuple[TrackedInShort, ...] = ()


class CheckItem(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the checklist."""

    key: str
    title: str
    state: Literal["yes", "no", "unknown", "does not apply"]
    evidence: str
    remedy: str
    cells: tuple[str, ...] = ()
    note: str = ""
    """The author's own words; they go into the bundle."""


class BundlePart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a bundle."""

    name: str
    files: int
    bytes: int | None
    """None: known only when it is made."""
    note: str = ""


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """What one cell's latest run made and another's read."""

    source: str
    """Id of the cell that made it."""
    target: str
    """Id of the cell that read it."""
    resources: tuple[str, ...]
    """``name:df``, ``rng:numpy``, ``file:data/train.csv``."""
