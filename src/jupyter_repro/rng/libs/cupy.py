"""CuPy's legacy generators, one a device."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Setting
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CupySeeder"]

_SEED_LIMIT = 2**32


class CupySeeder:
    """The generator behind ``cupy.random`` on the current device, seeded as ``cupy.random.seed(42)`` does.

    cuRAND cannot tell the state of a generator, so what CuPy had drawn is not known: to give back is to put
    the former generator object in its place again, and a digest tells only which object it is.
    """

    name = "cupy"
    modules: tuple[str, ...] = ("cupy",)

    def loaded(self) -> bool:
        """Whether CuPy has been imported: this is asked of its stand-in."""
        return "cupy" in sys.modules

    def seed(self, value: int) -> None:
        """Give the current device a new generator with the seed modulo 2**32."""
        cupy = _cupy()
        if not cupy.cuda.is_available():
            return
        states = _states()
        # not cupy.random.seed: that seeds the user's object, whose state could not be given back
        states[cupy.cuda.Device().id] = cupy.random.RandomState(value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return the generator objects by device."""
        return RngState(streams={self.name: dict(_states())})

    def restore(self, state: RngState) -> None:
        """Put the generator objects back, each where it was."""
        states = _states()
        states.clear()
        states.update(state.streams[self.name])

    def digests(self) -> dict[str, str]:
        """Return which generator object each device has; draws are not seen."""
        return {stream: digest_of((stream.encode(), b"%d" % id(made))) for stream, made in _generators()}

    def expected(self, value: int) -> dict[str, str]:  # noqa: ARG002 - the protocol has it
        """Return nothing: the digest of a new object is not known before it is made."""
        return {}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say that the current device has a new generator, whose state cannot be read."""
        reduced = value % _SEED_LIMIT
        if not _cupy().cuda.is_available():
            reason = "CuPy sees no device"
            return (
                Setting(
                    name="seed.cupy",
                    requested=str(value),
                    effective="",
                    effect="not available",
                    verified_by=f"not verified: {reason}",
                    note=reason,
                ),
            )
        return (
            Setting(
                name="seed.cupy",
                requested=str(value),
                effective=str(reduced),
                effect="in force",
                verified_by="not verified: cuRAND cannot tell a generator's state",
                note="the current device's generator; its draws are not seen"
                + ("" if reduced == value else "; CuPy takes 32 bits, so it got the seed modulo 2**32"),
            ),
        )


def _cupy() -> Any:
    return sys.modules["cupy"]


def _states() -> Any:
    return sys.modules["cupy.random._generator"]._random_states  # noqa: SLF001 - no public way to reach it


def _generators() -> Iterator[tuple[str, Any]]:
    for device, made in sorted(_states().items()):
        yield f"cupy:{device}", made
