"""How many numbers a stream has given between two states that were seen.

The global generators of Python, of NumPy and of torch's CPU are one algorithm, the Mersenne Twister of Matsumoto and
Nishimura (1998), which makes its numbers 624 at a time: a twin that is set to the first state is let make blocks until
it comes to the second one. Records hold digests alone, so that states are kept here by theirs, the newest ones.
"""

from __future__ import annotations

import random
import struct
import time
from array import array
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SEEN", "SeenStates", "Twister"]

_WORDS = 624
_KEPT = 1000
"""States of 2.5 to 5 kB each."""
_BUDGET_S = 0.05
_MOST_BLOCKS = 4000
_LEGACY_TORCH = struct.Struct(f"=QiiQ{_WORDS}Q")
"""``CPUGeneratorImplStateLegacy`` in ``aten/src/ATen/CPUGeneratorImpl.cpp``: seed, left, seeded, next, the words."""


class Twister(NamedTuple):
    """A state of a Mersenne Twister."""

    words: Sequence[int]
    """624 of them."""
    given: int
    """How many of these have been given."""

    @classmethod
    def of_python(cls, state: tuple[int, ...]) -> Twister:
        """Read the second part of ``random.getstate()``."""
        return cls(state[:-1], state[-1])

    @classmethod
    def of_numpy(cls, key: bytes, position: int) -> Twister:
        """Read ``state["key"]`` and ``state["pos"]`` of ``numpy.random.get_state(legacy=False)``."""
        words = array("I")
        words.frombytes(key)
        return cls(tuple(words), position)

    @classmethod
    def of_torch(cls, state: bytes) -> Twister:
        """Read ``torch.default_generator.get_state()``."""
        _seed, left, _seeded, following, *words = _LEGACY_TORCH.unpack_from(state)
        return cls(words, _WORDS if left == 1 else following)


class SeenStates:
    """The newest states by their digests, and the numbers between them."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, Callable[[], Twister]] = OrderedDict()
        self._between: dict[tuple[str, str], int | None] = {}

    def keep(self, digest: str, read: Callable[[], Twister]) -> None:
        """Keep a state that has just been digested.

        Args:
            digest: Its digest.
            read: Reads it, if anybody asks.
        """
        self._states[digest] = read
        if len(self._states) > _KEPT:
            self._states.popitem(last=False)

    def between(self, pairs: Sequence[tuple[str, str]]) -> int | None:
        """Return how many 32-bit numbers were drawn from one state to the other, in all pairs together.

        None: a state was not kept, one does not lead to the other (the stream was seeded in between), or it would
        take more than 50 ms to find out; what is found is kept, so that asking again goes on.
        """
        until = time.monotonic() + _BUDGET_S
        total = 0
        for pair in pairs:
            if pair not in self._between:
                states = [self._states.get(digest) for digest in pair]
                if states[0] is None or states[1] is None:
                    return None
                found = _between(states[0](), states[1](), until)
                if found is None and time.monotonic() > until:
                    return None
                self._between[pair] = found
            drawn = self._between[pair]
            if drawn is None:
                return None
            total += drawn
        return total


def _between(before: Twister, after: Twister, until: float) -> int | None:
    words, wanted = tuple(before.words), tuple(after.words)
    if words == wanted:
        return after.given - before.given if after.given >= before.given else None
    twin = random.Random(0)  # noqa: S311 - set at once; without a seed it would ask the system for one
    twin.setstate((3, (*words, _WORDS), None))
    for block in range(1, _MOST_BLOCKS):
        twin.getrandbits(32 * _WORDS)
        state = twin.getstate()[1]
        if state[0] == wanted[0] and state[:-1] == wanted:
            return block * _WORDS + after.given - before.given
        if time.monotonic() > until:
            return None
    return None


SEEN = SeenStates()
"""Those of this process."""
