"""A block of code whose draws leave every stream where it was."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

from .guarded import attempt
from .process import PROCESS, ProcessStreams
from .scoped import governed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .protocol import RngState, Seeder

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
        with governed(seed, process=process):
            yield
        return
    kept = {seeder: attempt(seeder.capture) for seeder in process.seeders if seeder.loaded()}
    try:
        yield
    finally:
        failed = [name for name in map(_give_back, kept, kept.values()) if name]
        for seeder in process.seeders:
            seeded = process.seeded(seeder.name)
            if seeder not in kept and seeder.loaded() and seeded is not None:
                # the block imported it: it goes on from where its import left it
                attempt(seeder.seed, seeded.seed)
        if failed:
            warnings.warn(f"fork_rng could not give back {', '.join(failed)}", RuntimeWarning, stacklevel=3)


def _give_back(seeder: Seeder, captured: tuple[RngState | None, str]) -> str:
    """Put a library's streams back; return its name and why, if it cannot be."""
    state, reason = captured
    if state is not None:
        _, reason = attempt(seeder.restore, state)
    return f"{seeder.name} ({reason})" if reason else ""
