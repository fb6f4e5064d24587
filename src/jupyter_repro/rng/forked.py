"""A block of code whose draws leave every stream where it was."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

from .kept import KeptStreams
from .process import PROCESS, ProcessStreams
from .scoped import governed
from .seeds import check_seed
from .swept import swept

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fork_rng"]


@contextlib.contextmanager
def fork_rng(seed: int | None = None, *, process: ProcessStreams = PROCESS) -> Iterator[None]:
    """Put every RNG stream back, bit for bit, when the block ends, also if it raises.

    Args:
        seed: What to seed the streams with for the block; None lets them go on from where they are.
        process: The streams.

    Raises:
        BadWord: The seed is not a whole number from 0 to 2**128 - 1.
    """
    if seed is not None:
        with governed(swept(check_seed(seed)), process=process):
            yield
        return
    kept = KeptStreams(process)
    try:
        yield
    finally:
        failed = kept.put_back()
        if failed:
            warnings.warn(f"fork_rng could not give back {', '.join(failed)}", RuntimeWarning, stacklevel=3)
