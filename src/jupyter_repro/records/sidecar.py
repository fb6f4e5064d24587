"""The file beside a journal: what the kernel stood on."""

from __future__ import annotations

import msgspec

from .environment import Environment  # noqa: TC001 - msgspec resolves the field types at run time
from .gpu import GpuSample  # noqa: TC001 - as above
from .packages import PackageChange  # noqa: TC001 - as above

__all__ = ["EnvironmentFile"]


class EnvironmentFile(msgspec.Struct, frozen=True, kw_only=True):
    """One kernel life: its environment at the start, and what changed in it."""

    schema: int = 1
    kernel: str
    captured: float
    """Seconds since 1970, UTC."""
    start: Environment
    """What user code had loaded then is not in it: BLAS, fonts, CUDA libraries."""
    latest: Environment | None = None
    """All that could be found out when it was last asked for; None: it was not."""
    ended: float | None = None
    """When the kernel ended: ``latest`` is of that moment, and tells everything that was imported."""
    seen: float | None = None
    """When ``latest`` was captured."""
    imported: tuple[str, ...] = ()
    """Top-level modules that cells have imported by name."""
    changes: tuple[PackageChange, ...] = ()
    samples: tuple[GpuSample, ...] = ()
    """What the devices did cell by cell, where that was asked for."""
