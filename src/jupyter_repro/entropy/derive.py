"""Numbers that stand in for the system's entropy: the same in every kernel with the same seed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable  # noqa: TC003 - used in an annotation of a module constant

__all__ = ["Derived"]

_forks: tuple[int, ...] = ()
"""Which fork of which fork this process is."""
_children = 0


def _before_fork() -> None:
    global _children  # noqa: PLW0603 - a process has one count of its forks
    _children += 1


def _in_child() -> None:
    global _forks, _children
    _forks, _children = (*_forks, _children), 0


class Derived:
    """A stream of numbers from a seed: the n-th is a digest of (seed, fork, n), never ``seed + n``.

    A forked child goes on with numbers of its own, by how many forks its parent made before, and so does each
    rank of a distributed job. Rank 0 has those of a job of one.

    Args:
        seed: What all of them derive from.
        rank: Returns the global rank now; a job may begin after this.
    """

    def __init__(self, seed: int, rank: Callable[[], int] = int) -> None:
        self.seed = seed
        self.rank = rank
        self.taken = 0
        self._forks = _forks
        self._named: dict[str, int] = {}

    def next_bits(self, bits: int) -> int:
        """Return the next number of so many bits."""
        if self._forks != _forks:
            self._forks, self.taken = _forks, 0
        number = self.taken
        self.taken += 1
        return self._bits(f"{'.'.join(map(str, _forks))}|{number}", bits)

    def bits_for(self, name: str, bits: int) -> int:
        """Return the next number of a stream of its own, by name; :meth:`state` does not tell of it."""
        number = self._named[name] = self._named.get(name, 0) + 1
        return self._bits(f"{name}|{number}", bits)

    def _bits(self, which: str, bits: int) -> int:
        text = f"jupyter_repro entropy|{self._root()}|{which}"
        digest = hashlib.shake_256(text.encode()).digest((bits + 7) // 8)
        return int.from_bytes(digest, "big") >> (-bits % 8)

    def state(self) -> str:
        """Return a digest of where the stream stands."""
        return hashlib.sha256(f"{self._root()}|{self.taken}".encode()).hexdigest()

    def _root(self) -> str:
        rank = self.rank()
        return f"{self.seed}|rank {rank}" if rank else str(self.seed)


_register: Callable[..., None] | None = getattr(os, "register_at_fork", None)
if _register is not None:
    _register(before=_before_fork, after_in_child=_in_child)
