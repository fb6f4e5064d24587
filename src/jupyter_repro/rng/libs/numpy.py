"""NumPy's legacy global generator, ``np.random.rand`` and its like."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from jupyter_repro.imports import complete
from jupyter_repro.rng.drawn import SEEN, Twister
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of, seed_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Setting

__all__ = ["NumpySeeder"]

_SEED_LIMIT = 2**32


class NumpySeeder:
    """The legacy global NumPy generator, seeded as ``np.random.seed(42)`` does.

    Generators made with ``default_rng()`` are the user's own and are left alone.
    """

    name = "numpy"
    modules: tuple[str, ...] = ("numpy.random",)

    def __init__(self) -> None:
        self._last: tuple[tuple[bytes, ...], str] = ((), "")

    def loaded(self) -> bool:
        """Whether ``numpy.random`` has been imported."""
        return complete("numpy.random")

    def seed(self, value: int) -> None:
        """Call ``np.random.seed`` with the seed modulo 2**32, the most that it takes."""
        _random().seed(value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return the generator's state, a half-used Gaussian pair and its bit generator included."""
        streams: dict[str, Any] = {self.name: _random().get_state(legacy=False)}
        if hasattr(_random(), "get_bit_generator"):
            streams["bit generator"] = _random().get_bit_generator()
        return RngState(streams=streams)

    def restore(self, state: RngState) -> None:
        """Put the generator back, bit for bit, and the bit generator if the user changed it."""
        random = _random()
        former = state.streams.get("bit generator")
        if former is not None and random.get_bit_generator() is not former:
            random.set_bit_generator(former)
        random.set_state(state.streams[self.name])

    def digests(self) -> dict[str, str]:
        """Return the digest of the generator's state; one that has not moved is not hashed again."""
        parts = tuple(_parts(_random().get_state(legacy=False)))
        former, digest = self._last
        if parts != former:
            digest = digest_of(parts)
            self._last = (parts, digest)
            if b"'MT19937'" in parts:
                key, position = parts[parts.index(b"key") + 1], parts[parts.index(b"pos") + 1]
                SEEN.keep(digest, partial(Twister.of_numpy, key, int(position)))
        return {self.name: digest}

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that ``np.random.RandomState`` has with the same seed."""
        twin = _random().RandomState(value % _SEED_LIMIT)
        return {self.name: digest_of(_parts(twin.get_state(legacy=False)))}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether the generator stands where ``np.random.RandomState(value)`` begins."""
        reduced = value % _SEED_LIMIT
        return (
            seed_setting(
                self.name,
                requested=value,
                effective=reduced,
                actual=self.digests()[self.name],
                expected=self.expected(value)[self.name],
                generator=f"np.random.RandomState({reduced})",
                note="" if reduced == value else "NumPy takes 32 bits, so it got the seed modulo 2**32",
            ),
        )


def _random() -> Any:
    return sys.modules["numpy.random"]


def _parts(value: Any) -> Iterator[bytes]:
    """Yield the bytes of a state: arrays as their bytes, numbers and words as they print."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield key.encode()
            yield from _parts(value[key])
    elif hasattr(value, "tobytes"):
        yield value.tobytes()
    else:
        yield repr(value).encode()
