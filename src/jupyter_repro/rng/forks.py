"""Forked children: each has streams of its own, the same in every run."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Setting

from .derive import derive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .process import ProcessStreams

__all__ = ["Forks", "forks_setting", "seed_child"]

_SAFE = ("python", "numba", "torch")
"""Libraries that may be seeded in a child: others may have threads or devices that a fork leaves behind."""


class Forks:
    """Counts the children of a process, so that each can be told apart by how it came to be.

    A child is named by the cell that forked it and its number there: in another run of the notebook, and
    when the cell is run again, it is the same child.
    """

    def __init__(self) -> None:
        self.total = 0
        """Children so far."""
        self._place = ""
        self._number = 0
        self._line: tuple[str | int, ...] = ()

    def enter(self, place: str) -> None:
        """Begin to count anew: another cell runs."""
        self._place, self._number = place, 0

    @contextlib.contextmanager
    def again(self) -> Iterator[None]:
        """Within the block children are told as those that the cell forked first; afterwards they do not count."""
        kept = self.total, self._number
        self._number = 0
        try:
            yield
        finally:
            self.total, self._number = kept

    def parent_forks(self) -> None:
        """Count one child more; called before the fork."""
        self._number += 1
        self.total += 1

    def child_begins(self) -> tuple[str | int, ...]:
        """Return what names this child, its ancestors first; called in the child."""
        self._line = (*self._line, self._place, self._number)
        self.total = self._number = 0
        return self._line


def seed_child(process: ProcessStreams, seed: int, path: tuple[str | int, ...]) -> None:
    """Seed a forked child's streams from the seed and what names the child."""
    free = _numpy_is_free()
    process.reseed(derive(seed, "fork", *path), only=(*_SAFE, "numpy") if free else _SAFE)


def _numpy_is_free() -> bool:
    """Whether no thread was drawing from NumPy at the fork: its lock would never be free again."""
    random: Any = sys.modules.get("numpy.random")
    if random is None or not hasattr(random, "get_bit_generator"):
        return random is not None
    lock = random.get_bit_generator().lock
    if not lock.acquire(blocking=False):
        return False
    lock.release()
    return True


def forks_setting(forks: Forks, seed: int, *, possible: bool) -> Setting:
    """Say that forked children get streams of their own.

    Args:
        forks: What has been forked.
        seed: The seed in force.
        possible: This system can fork.
    """
    return Setting(
        name="seed.forked children",
        requested=str(seed),
        effective=f"{forks.total} so far" if possible else "",
        effect="in force" if possible else "not available",
        verified_by="not verified: each child is seeded where it begins, which is not seen from here"
        if possible
        else "not verified: this system has no fork",
        note="random, NumPy, torch's CPU and numba, by (seed, cell, number of the fork); children that are"
        " spawned begin unseeded"
        if possible
        else "children are spawned and begin unseeded: give them a `jupyter_repro.child_seed(...)`",
    )
