"""Names of runs: UUIDs of version 7 (RFC 9562), which sort by time."""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid

__all__ = ["is_run_id", "made_at", "new_run_id", "noise_of"]

_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NS_IN_MS = 1_000_000


def new_run_id(now_ns: int | None = None, noise: bytes | None = None) -> str:
    """Return a new name; no generator of the user's is asked.

    Args:
        now_ns: The moment, in nanoseconds since 1970; None: this one.
        noise: Eight random bytes; None: the operating system's.
    """
    now_ns = time.time_ns() if now_ns is None else now_ns
    noise = os.urandom(8) if noise is None else noise
    ms, rest = divmod(now_ns, _NS_IN_MS)
    # the twelve bits after the milliseconds go on with the time, so that names sort also within one
    high = (ms & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | rest * 4096 // _NS_IN_MS
    low = int.from_bytes(noise, "big") & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return str(uuid.UUID(int=high << 64 | low))


def noise_of(kernel: str) -> bytes:
    """Return the noise in the name of a kernel's own run: nobody is asked for it, and two who name it agree."""
    return hashlib.sha256(kernel.encode()).digest()[:8]


def is_run_id(text: str) -> bool:
    """Whether a text is such a name."""
    return bool(_FORM.fullmatch(text))


def made_at(run_id: str) -> float:
    """Return when a run was named, in seconds since 1970."""
    return (uuid.UUID(run_id).int >> 80) / 1000
