"""The generator behind :mod:`random`'s functions."""

from __future__ import annotations

import random
from array import array
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_repro.rng.drawn import SEEN, Twister
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of, seed_setting

if TYPE_CHECKING:
    from jupyter_repro.records import Setting
    from jupyter_repro.rng.state_memory import StateMemory

__all__ = ["PythonSeeder"]


class PythonSeeder:
    """Python's own global generator, seeded as ``random.seed(42)`` does."""

    name = "python"
    modules: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._memory: StateMemory | None = None
        self._last: tuple[object, dict[str, str]] = ((), {})

    def loaded(self) -> bool:
        """Whether the stream exists: always."""
        return True

    def seed(self, value: int) -> None:
        """Call ``random.seed(value)``."""
        random.seed(value)

    def capture(self) -> RngState:
        """Return the generator's state, a half-used Gaussian pair included."""
        return RngState(streams={self.name: random.getstate()})

    def restore(self, state: RngState) -> None:
        """Put the generator back, bit for bit."""
        random.setstate(state.streams[self.name])

    def digests(self) -> dict[str, str]:
        """Return the digest of the generator's state; one that has not moved is not hashed again."""
        if self._memory is None:
            from jupyter_repro.rng.state_memory import StateMemory

            # a bound method, unless somebody has put another function there
            self._memory = StateMemory(getattr(random.getstate, "__self__", random))
        mark = self._memory.mark()
        if mark != self._last[0]:
            state = random.getstate()
            digest = _digest(state)
            self._last = (mark, {self.name: digest})
            SEEN.keep(digest, partial(Twister.of_python, state[1]))
        return dict(self._last[1])

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that ``random.Random(value)`` has."""
        return {self.name: _digest(random.Random(value).getstate())}  # noqa: S311 - a seeded twin, no secret

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether the generator stands where ``random.Random(value)`` begins."""
        return (
            seed_setting(
                self.name,
                requested=value,
                effective=value,
                actual=self.digests()[self.name],
                expected=self.expected(value)[self.name],
                generator=f"random.Random({value})",
            ),
        )


def _digest(state: tuple[Any, ...]) -> str:
    version, words, gauss = state
    return digest_of((repr((version, gauss)).encode(), array("L", words).tobytes()))
