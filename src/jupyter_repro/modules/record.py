"""What is known about one module of the user's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["UserModule"]


@dataclass(frozen=True)
class UserModule:
    """A module of the user's at one moment.

    Attributes:
        name: Its full name.
        file: The file that it was imported from.
        imported_digest: SHA-256 of the file as it was when it was imported, or reloaded last.
        disk_digest: SHA-256 of the file now; None if it is gone.
        state_digest: Digest of its functions, classes and other globals.
        pristine_digest: The same, right after it was imported; None where that was not seen.
        why_unknown: Why one of the first three digests is None.
    """

    name: str
    file: str
    imported_digest: str | None
    disk_digest: str | None
    state_digest: str | None
    pristine_digest: str | None = None
    why_unknown: str = ""

    @property
    def resource(self) -> str:
        """How the replay model names it."""
        return f"module:{self.name}"

    @property
    def edited(self) -> bool:
        """Whether a fresh kernel would import another text than this kernel did."""
        return self.imported_digest != self.disk_digest

    @property
    def digest(self) -> str | None:
        """What this kernel has; None where it is not known."""
        return _both(self.imported_digest, self.state_digest)

    @property
    def fresh_digest(self) -> str | None:
        """What a fresh kernel would have right after its import; None where it is not known."""
        return None if self.edited else _both(self.disk_digest, self.pristine_digest)


def _both(text: str | None, state: str | None) -> str | None:
    if text is None or state is None:
        return None
    return hashlib.blake2b(f"module {text} {state}".encode(), digest_size=16).hexdigest()
