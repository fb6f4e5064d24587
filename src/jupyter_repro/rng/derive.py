"""Seeds made from the user's seed and a name: far apart, whatever the names."""

from __future__ import annotations

import hashlib

__all__ = ["derive"]

_DOMAIN = b"jupyter_repro seed 1"
"""Changes only if derived seeds may change, which breaks what was published with them."""


def derive(seed: int, *path: str | int, bits: int = 128) -> int:
    """Return a number of so many bits, a function of the seed and the path alone.

    It is SHA-256 over the parts, each with its kind and length before it, so that no two paths meet by
    being joined alike. Neighbouring seeds and indices give unrelated numbers, unlike ``seed + rank``.
    """
    digest = hashlib.sha256(_DOMAIN)
    for part in (seed, *path):
        kind, text = (b"i", b"%d" % part) if isinstance(part, int) else (b"s", part.encode())
        digest.update(kind + len(text).to_bytes(8, "little") + text)
    return int.from_bytes(digest.digest()[: bits // 8], "little")
