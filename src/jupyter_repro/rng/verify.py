"""Whether a seed is really in force."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from jupyter_repro.records import Setting

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["digest_of", "seed_setting"]

_UNHELD = 2047
"""From 2048 bytes on hashlib lets go of the GIL; another thread may then keep us from the user's cell."""


def digest_of(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 of the parts, kept apart by their lengths."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        for start in range(0, len(part), _UNHELD):
            digest.update(part[start : start + _UNHELD])
    return digest.hexdigest()


def seed_setting(  # noqa: PLR0913 - one keyword a column of the table it fills
    stream: str, *, requested: int, effective: int, actual: str, expected: str, generator: str, note: str = ""
) -> Setting:
    """Say that a stream is seeded if its state is that of a private generator with the same seed.

    Args:
        stream: ``numpy``.
        requested: The user's seed.
        effective: What the library was given.
        actual: Digest of the stream's state right after seeding.
        expected: Digest of the private generator's state.
        generator: How the private generator was made, in code.
        note: What the user should know of the reduction of the seed.
    """
    seeded = actual == expected
    return Setting(
        name=f"seed.{stream}",
        requested=str(requested),
        effective=str(effective) if seeded else "",
        effect="in force" if seeded else "not in force",
        verified_by=f"its state right after seeding is that of a new {generator}"
        if seeded
        else f"its state right after seeding is not that of a new {generator}",
        note=note if seeded else "its seed function or its generator was replaced; restart the kernel",
    )
