"""What a run in the shadow is asked for, and what it tells: one JSON object a line."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from jupyter_repro.records import SeedPlan
from jupyter_repro.records.proof import Proof  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["Counted", "Counting", "Done", "Failed", "Said", "Step", "Wanted"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to run, and where."""

    notebook: str
    folder: str
    """An empty folder, the only one that is written to."""
    python: str
    """The interpreter of the kernel."""
    plan: SeedPlan = SeedPlan()
    """Put in force for a notebook that does not govern itself."""
    profile: Literal["cpu", "gpu"] = "cpu"
    """Which tolerance numbers are compared with."""
    cell_timeout_s: float | None = None
    allowed: tuple[str, ...] = ()
    """Other folders that cells may write to."""


class Counting(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a sweep: the notebook with its parameters, whose last cell tells the metrics."""

    notebook: str
    """Where it is saved; its project is copied."""
    node: dict[str, Any]
    """What is run in its place."""
    folder: str
    """An empty folder, the only one that is written to."""
    python: str
    """The interpreter of the kernel."""
    plan: SeedPlan = SeedPlan()
    """Put in force for a notebook that does not govern itself."""
    environment: dict[str, str] = {}
    """Variables of this run alone."""
    cell_timeout_s: float | None = None
    allowed: tuple[str, ...] = ()
    """Other folders that cells may write to."""


class Counted(msgspec.Struct, frozen=True, kw_only=True, tag="counted"):
    """What a run of a sweep gave."""

    outputs: list[dict[str, Any]]
    """Of its last cell."""
    read: tuple[str, ...]
    """Files that it read before any cell wrote them, and modules of the user's, as they lie in the project."""


class Step(msgspec.Struct, frozen=True, tag="step"):
    """A step begins."""

    name: str


class Done(msgspec.Struct, frozen=True, tag="proof"):
    """The comparison is made."""

    proof: Proof


class Failed(msgspec.Struct, frozen=True, tag="error"):
    """It could not be made: one of our errors, by its class."""

    kind: str
    message: str
    remedy: str


Said = Step | Done | Failed
