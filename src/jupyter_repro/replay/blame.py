"""Why a cell read something else than Restart & Run All would give it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from jupyter_repro.records import ABSENT

from .last_result import LAST_RESULT
from .versions import agreement, spelled

if TYPE_CHECKING:
    from jupyter_repro.records import Use, Verdict

    from .versions import Expected

__all__ = ["Comparison", "Mismatch", "classify"]


@dataclasses.dataclass(frozen=True)
class Mismatch:
    """One resource that differs, with the cells behind it."""

    verdict: Verdict
    sentence: str
    cells: tuple[int, ...] = ()
    """Indexes in document order."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Comparison:
    """One read of a run beside what run-all would have it read."""

    use: Use
    """The resource and the version that the run read."""
    expected: Expected
    here: int
    """Index of the reading cell."""
    source: int | None
    """Index of the cell whose run made the version that was read."""
    source_gone: bool
    """No present cell makes what was read."""
    labels: tuple[str, ...]
    """How messages name the cells."""

    @property
    def what(self) -> str:
        """The resource in words."""
        return spelled(self.use.resource)

    @property
    def maker(self) -> tuple[int, ...]:
        """The cell that makes the expected version, as a tuple of none or one."""
        return () if self.expected.maker is None else (self.expected.maker,)


def classify(read: Comparison) -> Mismatch | None:
    """Return what is wrong with one read, or None."""
    kind = read.use.resource.partition(":")[0]
    if kind == "rng":
        return _rng(read)
    agrees = agreement(read.use.version, read.expected.version)
    if kind == "file" and read.use.version.digest is None:
        return _file(read, differs=False)  # what is on disk now says nothing of what was there then
    if agrees == "same" and not read.expected.recomputed:
        unsure = read.expected.unsure
        return Mismatch("unknown", f"{read.what}: {unsure}", read.maker) if unsure else None
    if kind in ("history", "result") and read.expected.unsure:
        return Mismatch("unknown", f"{read.what}: {read.expected.unsure}", read.maker)
    if kind == "file":
        return _file(read, differs=agrees == "different")
    if kind in ("history", "result") and read.use.resource != LAST_RESULT:
        if read.expected.recomputed:
            return _stale(read)
        return Mismatch(
            "hidden state",
            f"it read {read.what}, and run-all would have another: it goes by the numbers of runs",
            read.maker,
        )
    if agrees == "unsure" and not read.expected.recomputed:
        source = () if read.source is None else (read.source,)
        return Mismatch(
            "unknown", f"{read.what} may have been changed in place since, not looked inside", source
        )
    return _around(read) if kind in ("setting", "env", "module") else _name(read)


def _rng(read: Comparison) -> Mismatch | None:
    was, wanted = read.use.version, read.expected
    if was.digest is None or (wanted.version.digest is None and not wanted.unsure):
        return Mismatch("rng shifted", f"{read.what} was not seeded: run-all would draw other numbers")
    if wanted.unsure:
        return Mismatch("unknown", f"{read.what}: {wanted.unsure}")
    if was.digest == wanted.version.digest:
        return None
    return Mismatch("rng shifted", f"{read.what} was elsewhere than run-all would have it")


def _file(read: Comparison, *, differs: bool) -> Mismatch:
    wanted = read.expected
    if wanted.recomputed:
        return Mismatch("stale", f"{read.what} has to be written anew: {wanted.recomputed}", read.maker)
    if wanted.unsure or not differs or read.use.version.digest is None:
        reason = wanted.unsure or read.use.version.why_unknown or "not looked inside"
        return Mismatch("unknown", f"{read.what}: {reason}", read.maker)
    if read.maker:
        writer = read.labels[read.maker[0]]
        if read.use.version.order == 0:
            return Mismatch("stale", f"{read.what} was not as {writer} writes it", read.maker)
        return Mismatch("stale", f"{read.what} has been written anew by {writer} since", read.maker)
    was_there = read.use.version.digest != ABSENT
    if wanted.version.digest == ABSENT:
        how = "is gone now"
    else:
        how = "is different now" if was_there else "was not there when it ran, and is now"
    return Mismatch("input changed", f"{read.what} {how}")


def _around(read: Comparison) -> Mismatch:
    """Name the departure of a process setting or a module."""
    what, source, maker, was = read.what, read.source, read.expected.maker, read.use.version
    if read.expected.recomputed:
        return Mismatch("stale", f"{what} has to be set anew: {read.expected.recomputed}", read.maker)
    edited = read.expected.version.why_unknown
    if maker is None and edited and read.use.resource.startswith("module:"):
        return Mismatch("input changed", f"{what} is different now: {edited}")
    if read.expected.unsure:
        return Mismatch("unknown", f"{what}: {read.expected.unsure}", read.maker)
    if source == read.here:
        return Mismatch("not idempotent", f"{what} was as an earlier run of itself had set it", (read.here,))
    if source is not None and source > read.here:
        return Mismatch(
            "out of order", f"{what} was as only the later {read.labels[source]} sets it", (source,)
        )
    if was.order == 0 and was.why_unknown:
        return Mismatch("hidden state", f"{what} {was.why_unknown}, run-all would not")
    if was.order != 0 and read.source_gone:
        return Mismatch("hidden state", f"{what} was as no present cell sets it", read.maker)
    if maker is None:
        return Mismatch(
            "stale", f"{what} would not be set here any more", () if source is None else (source,)
        )
    return Mismatch("stale", f"it ran before {read.labels[maker]} had set {what}", read.maker)


def _name(read: Comparison) -> Mismatch:
    """Name the departure of a global name, the most telling case first."""
    what, source, maker = read.what, read.source, read.expected.maker
    if read.use.version.digest == ABSENT:
        by = "" if maker is None else f" that {read.labels[maker]} makes"
        return Mismatch("stale", f"it ran without {what}{by}", read.maker)
    if source == read.here:
        return Mismatch("not idempotent", f"it read {what} as an earlier run of itself left it", (read.here,))
    if read.source_gone:
        return Mismatch("hidden state", f"it read {what}, {_origin(read)}", read.maker)
    if source is not None and source > read.here:
        later = read.labels[source]
        how = f", which only the later {later} makes" if maker is None else f" as the later {later} left it"
        return Mismatch("out of order", f"it read {what}{how}", (source,))
    return _stale(read)


def _stale(read: Comparison) -> Mismatch:
    what, source, maker = read.what, read.source, read.expected.maker
    if read.expected.recomputed:
        return Mismatch("stale", f"{what} has to be made anew: {read.expected.recomputed}", read.maker)
    if maker is None:
        return Mismatch(
            "stale", f"{what} does not exist here any more in run-all", () if source is None else (source,)
        )
    if source is not None and source != maker:
        other = f"it read {what} as {read.labels[source]} left it, in run-all {read.labels[maker]} makes it"
        return Mismatch("stale", other, (maker, source))
    if read.use.version.order > read.expected.version.order:
        again = f"it read {what} from a run of {read.labels[maker]} that run-all would not repeat"
        return Mismatch("stale", again, read.maker)
    return Mismatch("stale", f"{what} has been made anew by {read.labels[maker]} since", read.maker)


def _origin(read: Comparison) -> str:
    version = read.use.version
    if version.order == 0:
        return f"which {version.why_unknown or 'was made before recording'}"
    if read.maker:
        return "made by a cell that is deleted or edited now"
    return "which no present cell makes"
