"""CuPy's legacy generators, one a device."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Setting
from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CupySeeder"]

_SEED_LIMIT = 2**32
_USES = itertools.count(1)


class CupySeeder:
    """The generator behind ``cupy.random`` on the current device, seeded as ``cupy.random.seed(42)`` does.

    cuRAND cannot tell the state of a generator. So to give back is to put the former generator object in
    its place again; and that a seeded one was drawn from is seen by its being used, each time as a state
    that never was before: no two histories are taken for equal that are not.
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
        states[cupy.cuda.Device().id] = _watched(cupy.random.RandomState, value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return the generator objects by device."""
        return RngState(streams={self.name: dict(_states())})

    def restore(self, state: RngState) -> None:
        """Put the generator objects back, each where it was."""
        states = _states()
        states.clear()
        states.update(state.streams[self.name])

    def digests(self) -> dict[str, str]:
        """Return a digest of the seed for each device, until its generator is used, and another one then.

        Of a generator of the user's own only the object is told; its draws are not seen.
        """
        return {stream: digest_of((_told(made),)) for stream, made in _generators()}

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that the current device has right after its seed."""
        if not _cupy().cuda.is_available():
            return {}
        return {f"cupy:{_cupy().cuda.Device().id}": digest_of((b"seed %d" % (value % _SEED_LIMIT),))}

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
                note="the current device's generator; its use is seen, not its state"
                + ("" if reduced == value else "; CuPy takes 32 bits, so it got the seed modulo 2**32"),
            ),
        )


def _watched(kind: type, seed: int) -> Any:
    """Return a new generator of the kind that notes when it is used."""

    class Watched(kind):  # type: ignore[misc] # CuPy's class, known only now
        """CuPy's generator; whatever is asked of it counts as a use."""

        def __getattribute__(self, name: str) -> Any:
            if not name.startswith("__"):
                object.__setattr__(self, "_repro_told", b"use %d" % next(_USES))
            return super().__getattribute__(name)

    made = Watched(seed)
    object.__setattr__(made, "_repro_told", b"seed %d" % seed)
    return made


def _told(made: Any) -> bytes:
    found = vars(made).get("_repro_told")
    return found if isinstance(found, bytes) else b"object %d" % id(made)


def _cupy() -> Any:
    return sys.modules["cupy"]


def _states() -> Any:
    return sys.modules["cupy.random._generator"]._random_states  # noqa: SLF001 - no public way to reach it


def _generators() -> Iterator[tuple[str, Any]]:
    for device, made in sorted(_states().items()):
        yield f"cupy:{device}", made
