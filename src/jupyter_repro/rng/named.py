"""Streams by name: what ``child_seed`` and ``generator`` derive from the seed in force."""

from __future__ import annotations

import functools

from jupyter_repro.records import Setting

from .derive import derive
from .protocol import RngState

__all__ = ["NAMED", "NamedStreams"]


class NamedStreams:
    """The root of all streams by name, which is the seed itself.

    It is a seeder like those of libraries, so that a scope has its own root while it lasts. Nothing moves
    it; its digest tells a cell that asked for a child seed from one that would get another.
    """

    name = "named"
    modules: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.root: int | None = None
        """The seed in force; None: none is."""
        self.asked = False
        """Somebody has asked for the root since this was last set to False."""
        self.per_cell = False
        """Every cell has streams of its own, which hang on the root too."""

    def take_root(self) -> int | None:
        """Return the seed in force, and remember that it was asked for."""
        self.asked = True
        return self.root

    def loaded(self) -> bool:
        """Whether the streams exist: always."""
        return True

    def seed(self, value: int) -> None:
        """Take the seed as the root."""
        self.root = value

    def capture(self) -> RngState:
        """Return the root."""
        return RngState(streams={self.name: self.root})

    def restore(self, state: RngState) -> None:
        """Put the root back."""
        self.root = state.streams[self.name]

    def digests(self) -> dict[str, str]:
        """Return a digest of the root; nothing while there is none."""
        return {} if self.root is None else self.expected(self.root)

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest with this root."""
        return {self.name: _digest_of_root(value, int(self.per_cell))}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say what the names derive from, and which rank this process has where several work together."""
        from .rank import global_rank

        rank = global_rank()
        where = f", rank {rank.rank} of {rank.size}" if rank.source else ""
        right = self.root == value
        return (
            Setting(
                name="seed.named",
                requested=str(value),
                effective="" if self.root is None else f"{self.root}{where}",
                effect="in force" if right else "not in force",
                verified_by=f"child_seed() and generator() derive from it{_from(rank.source)}",
                note="" if right else "seed again with `%repro seed=...`",
            ),
        )


@functools.lru_cache(maxsize=64)
def _digest_of_root(root: int, per_cell: int) -> str:
    return f"{derive(root, 'digest of the root', per_cell):032x}"


def _from(source: str) -> str:
    return f"; the rank is from {source}" if source else ""


NAMED = NamedStreams()
"""The one of this process."""
