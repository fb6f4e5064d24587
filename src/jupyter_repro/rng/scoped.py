"""A seed for a block of code."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from .governor import Streams
from .process import PROCESS, ProcessStreams

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["governed"]


@contextlib.contextmanager
def governed(seed: int, *, process: ProcessStreams = PROCESS) -> Iterator[Streams]:
    """Seed every RNG stream for the block, then put each back to where it was, bit for bit.

    A library that the block imports is afterwards where the surrounding seed, if any, would have it.

    Raises:
        BadWord: The seed is not a whole number from 0 to 2**128 - 1.
    """
    streams = Streams(process, scope=True)
    streams.begin(seed)
    try:
        yield streams
    finally:
        streams.end()
