"""What was really executed: cell runs, the resources they read and wrote.

No record is in a cycle, so the garbage collector need not go through the tens of thousands that a day leaves.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from .amp import MixedPrecision  # noqa: TC001 - msgspec resolves the field types at run time
from .cells import CellId  # noqa: TC001 - msgspec resolves the field types at run time
from .leaks import Leak  # noqa: TC001 - as above
from .ops import OpUse  # noqa: TC001 - as above
from .training import TrainingUse  # noqa: TC001 - as above

__all__ = ["ABSENT", "CellRun", "Ending", "Margin", "RngStep", "Sharing", "Use", "Version"]

ABSENT = "absent"
"""The digest of a resource that does not exist."""

Ending = Literal["ok", "error", "interrupted", "not compiled", "unfinished"]


class Version(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The state of a resource at one moment.

    Two versions with known digests are the same state if the digests are equal, whoever made them.
    Where a digest is unknown, they are the same state only if the same run made them and the same
    runs may have changed them since.
    """

    digest: str | None = None
    """Content digest, :data:`ABSENT`, or None: not looked inside."""
    order: int = 0
    """The cell run that made it; 0 is before the first recorded run."""
    touched: tuple[int, ...] = ()
    """Later runs that may have changed it in place, unseen."""
    why_unknown: str = ""
    """Why the digest is None, where that can be said."""


class Use(msgspec.Struct, frozen=True, gc=False):
    """One resource at one version.

    Resources are spelled ``name:df``, ``rng:numpy``, ``file:data/train.csv``, ``setting:cwd``,
    ``env:HF_HOME``, ``module:utils``.
    """

    resource: str
    version: Version


class RngStep(msgspec.Struct, frozen=True, gc=False):
    """Digest of one RNG stream's state before and after a cell run; None: not loaded."""

    stream: str
    before: str | None
    after: str | None


class Margin(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What a cell run did not do, and might have done with other inputs."""

    kept: tuple[Use, ...] = ()
    """Names that are bound as before; it may have bound them again to just that."""
    exposed: tuple[str, ...] = ()
    """Resources within reach of its calls that it did not change."""
    may_draw: bool = False
    """It calls something, which fed otherwise may draw more random numbers, or fewer."""
    settings: tuple[str, ...] = ()
    """Process settings that it may hang on; ``env`` stands for every variable of the environment. Those
    that are not among its reads were as a fresh kernel has them."""


class Sharing(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Which names reach the same mutable objects: (resource, the others) pairs."""

    before: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each resource that it read and changed in place, or may have; also those that shared nothing."""
    after: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For each resource that it bound or changed and that shares something now."""
    along: tuple[Use, ...] = ()
    """What it changed only because they share objects with what it read, as they were before."""


class CellRun(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One execution of one cell."""

    order: int
    """Our own count from 1 in this kernel, never ``execution_count``."""
    cell: CellId | None
    """The front end's cell id; None where it sends none (a terminal)."""
    source: str
    digest: str
    reads: tuple[Use, ...] = ()
    """Versions before the run."""
    writes: tuple[Use, ...] = ()
    """Versions after the run."""
    touched: tuple[str, ...] = ()
    """Resources that the run may have changed in place, unseen."""
    margin: Margin = Margin()
    sharing: Sharing = Sharing()
    rng: tuple[RngStep, ...] = ()
    effects: tuple[str, ...] = ()
    """What it did that we cannot replay, in words."""
    leaks: tuple[Leak, ...] = ()
    """Draws in it that no seed governs, where ``entropy=`` was in force."""
    ops: tuple[OpUse, ...] = ()
    """Operations without a deterministic algorithm that ran in it, under ``warn`` or by permission."""
    amp: MixedPrecision | None = None
    """Its mixed precision; None: none was seen."""
    training: tuple[TrainingUse, ...] = ()
    """Randomness of training that worked while it evaluated or sampled."""
    hosts: tuple[str, ...] = ()
    """Hosts that it talked to, as ``name:port``, also where a file kept their answers."""
    outputs: str | None = None
    """Digest of what it showed (streams, displays, result), addresses left out; None: not known."""
    ended: Ending = "ok"
    error: str = ""
    """Name of the exception that ended it, if one did."""
    started: float = 0.0
    """Seconds since 1970, UTC."""
    duration_s: float = 0.0
    parent: int | None = None
    """The run inside which this one was started, if nested."""
