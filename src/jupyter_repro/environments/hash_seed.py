"""Whether a number is the seed of this interpreter's string hashes."""

from __future__ import annotations

import struct
import sys

__all__ = ["governs"]

_PROBE = "jupyter_repro"
_WORD = (1 << 64) - 1
_ROUNDS = {"siphash13": (1, 3), "siphash24": (2, 4)}


def governs(seed: int) -> bool | None:
    """Tell whether ``PYTHONHASHSEED=seed`` held when this interpreter started; None if that cannot be told."""
    rounds = _ROUNDS.get(sys.hash_info.algorithm)
    if rounds is None or sys.hash_info.width != 64 or not 0 <= seed < 1 << 32:  # noqa: PLR2004 - bits of a hash
        return None
    secret = _secret(seed)
    expected = _siphash(_PROBE.encode(), secret[:8], secret[8:16], rounds)
    signed = expected - (1 << 64) if expected >> 63 else expected
    return hash(_PROBE) == (-2 if signed == -1 else signed)


def _secret(seed: int) -> bytes:
    """Return the key that CPython derives from the seed (``lcg_urandom`` in bootstrap_hash.c)."""
    if seed == 0:
        return bytes(16)
    key = bytearray()
    for _ in range(16):
        seed = (seed * 214013 + 2531011) & 0xFFFFFFFF
        key.append(seed >> 16 & 0xFF)
    return bytes(key)


def _siphash(data: bytes, key0: bytes, key1: bytes, rounds: tuple[int, int]) -> int:
    """Return SipHash-c-d of the data (Aumasson and Bernstein 2012)."""
    k0, k1 = (int.from_bytes(key, "little") for key in (key0, key1))
    v = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]
    whole = len(data) // 8 * 8
    tail = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    for (word,) in [*struct.iter_unpack("<Q", data[:whole]), (tail,)]:
        v[3] ^= word
        _mix(v, rounds[0])
        v[0] ^= word
    v[2] ^= 0xFF
    _mix(v, rounds[1])
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _mix(v: list[int], times: int) -> None:
    for _ in range(times):
        for a, b, left in ((0, 1, 13), (2, 3, 16)):
            v[a] = (v[a] + v[b]) & _WORD
            v[b] = _rotate(v[b], left) ^ v[a]
        v[0] = _rotate(v[0], 32)
        for a, b, left in ((2, 1, 17), (0, 3, 21)):
            v[a] = (v[a] + v[b]) & _WORD
            v[b] = _rotate(v[b], left) ^ v[a]
        v[2] = _rotate(v[2], 32)


def _rotate(word: int, left: int) -> int:
    return (word << left | word >> (64 - left)) & _WORD
