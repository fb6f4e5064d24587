"""What can keep the verifier from a verdict; each kind has its exit code.

::

    VerifierError
    ├── UsageFault       2
    ├── BuildFailed      3
    ├── RunFailed        4
    ├── BundleRejected   5
    ├── LimitReached     6
    └── SignerUnknown    7
"""

from __future__ import annotations

__all__ = [
    "BuildFailed",
    "BundleRejected",
    "LimitReached",
    "RunFailed",
    "SignerUnknown",
    "UsageFault",
    "VerifierError",
]


class VerifierError(Exception):
    """What went wrong, and what to do about it."""

    exit_code = 4

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"


class UsageFault(VerifierError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class BuildFailed(VerifierError):
    """The environment could not be rebuilt."""

    exit_code = 3


class RunFailed(VerifierError):
    """The notebook could not be run."""

    exit_code = 4


class BundleRejected(VerifierError):
    """The file is no bundle, or is damaged, or was changed after it was written."""

    exit_code = 5

    def __init__(
        self, reason: str, message: str, *, remedy: str = "ask the author for the file again"
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason
        """A stable word for programs: ``truncated``, ``digest``, ``unsafe name``, ..."""


class LimitReached(VerifierError):
    """A time or memory limit ended the run."""

    exit_code = 6


class SignerUnknown(VerifierError):
    """The reader asks who has signed the bundle, and it is nobody whom the reader trusts."""

    exit_code = 7
