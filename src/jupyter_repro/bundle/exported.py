"""What an export has written, and what its author should know."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - msgspec resolves the field types at run time

import msgspec

from jupyter_repro.records import Finding  # noqa: TC001 - as above
from jupyter_repro.records.proof import CellProof  # noqa: TC001 - as above

from .refusals import Waived  # noqa: TC001 - as above

__all__ = ["Exported", "size_words"]

_UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, and what the author should know."""

    path: Path
    bundle_id: str
    size: int
    """Bytes."""
    cells: tuple[CellProof, ...]
    """The saved outputs against those of the canonical run; empty if there was none."""
    findings: tuple[Finding, ...]
    seconds: float
    calibrated: tuple[str, ...] = ()
    """What calibration found, one sentence a cell."""
    proven: bool = True
    waived: tuple[Waived, ...] = ()
    """What readers are told that the author answers for."""
    parts: tuple[tuple[str, int], ...] = ()
    """Bytes by part of the bundle."""
    durations: dict[str, float] = {}
    """Seconds that the cells took in the canonical run, by id."""

    def sentence(self) -> str:
        """Return the outcome in one line."""
        shown = [cell for cell in self.cells if cell.verdict != "not run"]
        same = sum(cell.verdict not in {"differs", "error"} for cell in shown)
        agree = (
            f"{same} of {len(shown)} shown cells agree with a fresh run" if shown else "no cell shows a run"
        )
        if not self.proven:
            agree = "not proven: the saved outputs are what readers compare with"
        waived = f", {len(self.waived)} waived" if self.waived else ""
        return (
            f"wrote {self.path.name} ({size_words(self.size)}, id {self.bundle_id[:12]}) "
            f"in {self.seconds:.0f} s: {agree}{waived}"
        )


def size_words(size: int) -> str:
    """Return a size in words: ``12 MB``."""
    unit, word = next(((u, w) for u, w in _UNITS if size >= u), (1, "bytes"))
    return f"{size / unit:.3g} {word}"
