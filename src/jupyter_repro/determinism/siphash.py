"""CPython's hash of a text, computed for a given PYTHONHASHSEED."""

from __future__ import annotations

import sys

__all__ = ["can_compute", "text_hash"]

_MASK = 2**64 - 1
_ROUNDS = {"siphash13": (1, 3), "siphash24": (2, 4)}


def can_compute() -> bool:
    """Whether this interpreter hashes text in a way that :func:`text_hash` knows."""
    info = sys.hash_info
    return info.algorithm in _ROUNDS and info.hash_bits == 64 and info.cutoff == 0 and info.width == 64  # noqa: PLR2004 - bits


def text_hash(text: str, seed: int) -> int:
    """Return ``hash(text)`` as an interpreter started with ``PYTHONHASHSEED=seed`` gives it.

    Args:
        text: ASCII, not empty.
        seed: From 0 to 2**32 - 1.
    """
    secret = _secret(seed)
    first, second = int.from_bytes(secret[:8], "little"), int.from_bytes(secret[8:], "little")
    found = _siphash(text.encode("ascii"), first, second, *_ROUNDS[sys.hash_info.algorithm])
    signed = found - 2**64 if found >= 2**63 else found
    return -2 if signed == -1 else signed


def _secret(seed: int) -> bytes:
    """Return the 16 bytes of key that CPython's linear congruential generator makes of the seed."""
    if seed == 0:
        return bytes(16)
    out = bytearray()
    state = seed
    for _ in range(16):
        state = (state * 214013 + 2531011) % 2**32
        out.append((state >> 16) & 0xFF)
    return bytes(out)


def _siphash(data: bytes, first: int, second: int, compress: int, finish: int) -> int:
    """Return SipHash of Aumasson and Bernstein (2012) with the given numbers of rounds."""
    state = [
        first ^ 0x736F6D6570736575,
        second ^ 0x646F72616E646F6D,
        first ^ 0x6C7967656E657261,
        second ^ 0x7465646279746573,
    ]
    whole = len(data) - len(data) % 8
    words = [int.from_bytes(data[at : at + 8], "little") for at in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56)
    for word in words:
        state[3] ^= word
        for _ in range(compress):
            _round(state)
        state[0] ^= word
    state[2] ^= 0xFF
    for _ in range(finish):
        _round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _round(state: list[int]) -> None:
    a, b, c, d = state
    a, c = (a + b) & _MASK, (c + d) & _MASK
    b, d = _left(b, 13) ^ a, _left(d, 16) ^ c
    a = _left(a, 32)
    c, a = (c + b) & _MASK, (a + d) & _MASK
    b, d = _left(b, 17) ^ c, _left(d, 21) ^ a
    state[:] = a, b, _left(c, 32), d


def _left(word: int, by: int) -> int:
    return ((word << by) | (word >> (64 - by))) & _MASK
