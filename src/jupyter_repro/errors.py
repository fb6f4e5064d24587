"""Every error a user can meet, one tree, each with its remedy.

::

    ReproError
    ├── BadWord            a slip in a magic or an option
    ├── BadNotebook        not a notebook, or not readable
    ├── NoNotebook         no path is known for this kernel
    ├── NoSeed             something is to be derived from a seed, and none is in force
    ├── BadConfig          a configuration file that cannot be read, or an override that it has no key for
    ├── BadSettings       `pyproject.toml` says of rules what is not understood
    ├── BadLoader          a data set or a state that cannot be made resumable
    ├── BadCheckpoint      a checkpoint that is not whole, was changed, or cannot be made
    ├── BadRecord          a record of a run that is not whole, was changed, or is of a newer version
    ├── BadTrace           not a trace, not whole, or of a newer version
    ├── BadManifest        not a manifest of data, damaged, or of a newer version
    ├── BadArtifact        recorded answers that cannot be read or kept
    ├── BadGolden          not a reference of a golden run, damaged, or of a newer version
    ├── NoGolden           a golden run is to be checked, and there is no reference
    ├── GoldenExists       a golden run would be recorded over the reference that is there
    ├── GoldenRefused      what was asked of a golden run cannot be told here: another identity, no calibration
    ├── GoldenDiffers      a run is not the golden one
    ├── NotRecorded        a request is not among the recorded answers
    ├── NotInstalled       a package that is only needed for this is not there
    ├── InputChanged       a file is not the one that was tracked
    ├── NotTracked         a file has no digest to compare with
    ├── Cancelled          the user ended it
    ├── TooMuch            what would be copied is too much
    ├── StorageFailed      a folder or file cannot be written
    ├── LockFailed         the live environment cannot be locked
    ├── RunFailed          the canonical run could not be made
    ├── RestartRefused     the kernel cannot start anew in its place
    ├── UngovernedEntropy  a draw that no seed governs, under `entropy=raise`
    ├── ProofRefused       what is displayed is not known
    ├── ExportRefused      the bundle would not be honest
    ├── Stopped            somebody has ended it before it was done
    └── BadBundle          not a bundle, damaged, or tampered with
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

__all__ = [
    "BadArtifact",
    "BadBundle",
    "BadCheckpoint",
    "BadConfig",
    "BadGolden",
    "BadLoader",
    "BadManifest",
    "BadNotebook",
    "BadRecord",
    "BadSettings",
    "BadTrace",
    "BadWord",
    "Cancelled",
    "ExportRefused",
    "GoldenDiffers",
    "GoldenExists",
    "GoldenRefused",
    "InputChanged",
    "LockFailed",
    "NoGolden",
    "NoNotebook",
    "NoSeed",
    "NotInstalled",
    "NotRecorded",
    "NotTracked",
    "ProofRefused",
    "ReproError",
    "RestartRefused",
    "RunFailed",
    "Stopped",
    "StorageFailed",
    "TooMuch",
    "UngovernedEntropy",
]


class ReproError(Exception):
    """What went wrong and where, with the next step beside it.

    Args:
        message: What and where, one sentence without a full stop.
        remedy: What the user can do about it.
    """

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.remedy)


def _rebuild(kind: type[ReproError], message: str, remedy: str) -> ReproError:
    return kind(message, remedy=remedy)


class BadWord(ReproError):
    """A word or value that the magic or an option does not know."""


class BadNotebook(ReproError):
    """The file is not a notebook, or cannot be read."""


class BadConfig(ReproError):
    """A configuration file cannot be read, or has no such key."""


class BadSettings(ReproError):
    """The settings of rules are not understood."""


class NoNotebook(ReproError):
    """No notebook path is known for this kernel."""


class NoSeed(ReproError):
    """Something is to be derived from a seed, and none is in force."""


class BadLoader(ReproError):
    """A data set, an option or a state with which a loader cannot be exactly resumable."""


class BadCheckpoint(ReproError):
    """A checkpoint is not whole, was changed, is of another thing, or would hold what is no data."""


class BadRecord(ReproError):
    """The record of a run is not whole, was changed, or is of a newer version."""


class BadTrace(ReproError):
    """The file is no trace of torch operations, is not whole, or is of a newer version."""


class BadManifest(ReproError):
    """The manifest of data cannot be read, or does not say one thing of each file."""


class BadArtifact(ReproError):
    """Recorded answers of the web cannot be read, or cannot be kept."""


class BadGolden(ReproError):
    """The file is no reference of a golden run, or does not say one thing of each number."""


class NoGolden(ReproError):
    """There is no reference that a run could be compared with."""


class GoldenExists(ReproError):
    """There is a reference already, and nobody said that it is to be replaced."""


class GoldenRefused(ReproError):
    """What was asked of a golden run cannot be told on this machine, or from this reference."""


class GoldenDiffers(ReproError):
    """A run is not the golden one; ``comparison`` says where and by how much."""

    comparison: Any = None
    """A :class:`jupyter_repro.records.golden.Comparison`."""
    shown: str = ""
    """The comparison as text, with the curves."""

    def __str__(self) -> str:
        return f"{self.shown}\n{self.remedy}" if self.shown else super().__str__()


class NotRecorded(ReproError):
    """A request is not among the recorded answers."""

    asked_at: TracebackType | None = None
    """Where it was made."""


class NotInstalled(ReproError):
    """A package that is only needed for what was asked is not installed."""


class InputChanged(ReproError):
    """A file is not the one whose digest was written down."""


class NotTracked(ReproError):
    """No digest was written down for a file."""


class Cancelled(ReproError):
    """The user has ended it before it was done."""


class TooMuch(ReproError):
    """What would have to be copied for a second run is too much."""


class StorageFailed(ReproError):
    """A folder or file cannot be written."""


class LockFailed(ReproError):
    """The live environment cannot be locked exactly."""


class RunFailed(ReproError):
    """The canonical run could not be made."""


class RestartRefused(ReproError):
    """The kernel cannot start anew in its place, or a program would lose its next cell."""


class UngovernedEntropy(ReproError):
    """A generator would have drawn from the system's entropy, which `entropy=raise` forbids."""


class ProofRefused(ReproError):
    """There is nothing that a run could be compared with."""


class ExportRefused(ReproError):
    """The bundle would claim what is not so."""

    against: tuple[tuple[str, str, str], ...] = ()
    """Code, message and remedy of each finding that its author may answer for with a waiver."""


class Stopped(ReproError):
    """Somebody has ended it before it was done; nothing was written."""


class BadBundle(ReproError):
    """The file is no bundle, or is damaged, or was changed after it was written."""
