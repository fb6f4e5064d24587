"""numba's two generators: what ``random`` and ``np.random`` are inside compiled functions."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.rng.protocol import RngState
from jupyter_repro.rng.verify import digest_of, seed_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Setting

__all__ = ["NumbaSeeder"]

_SEED_LIMIT = 2**32
_WORDS = 624


class _State(ctypes.Structure):
    """A generator as ``numba/_random.c`` has it."""

    _fields_ = (
        ("index", ctypes.c_int),
        ("mt", ctypes.c_uint32 * _WORDS),
        ("has_gauss", ctypes.c_int),
        ("gauss", ctypes.c_double),
        ("is_initialized", ctypes.c_int),
    )


class NumbaSeeder:
    """The generators behind ``random`` and ``np.random`` inside ``@njit``, seeded as compiled code would.

    They belong to the thread; threads of ``prange`` have others, which numba seeds by itself.
    """

    name = "numba"
    modules: tuple[str, ...] = ("numba",)

    def loaded(self) -> bool:
        """Whether numba has been imported: this is asked of its stand-in."""
        return "numba" in sys.modules

    def seed(self, value: int) -> None:
        """Do what ``random.seed`` and ``np.random.seed`` do inside ``@njit``, modulo 2**32."""
        for _, pointer in _pointers():
            _helper().rnd_seed(pointer, value % _SEED_LIMIT)

    def capture(self) -> RngState:
        """Return both states, a half-used Gaussian pair included."""
        return RngState(streams={name: _bytes(pointer) for name, pointer in _pointers()})

    def restore(self, state: RngState) -> None:
        """Put both back, bit for bit."""
        for name, pointer in _pointers():
            ctypes.memmove(pointer, state.streams[name], ctypes.sizeof(_State))

    def digests(self) -> dict[str, str]:
        """Return the digest of both states."""
        return {name: digest_of((_bytes(pointer),)) for name, pointer in _pointers()}

    def expected(self, value: int) -> dict[str, str]:
        """Return the digest that a private state has with the seed."""
        twin = _State()
        _helper().rnd_seed(ctypes.addressof(twin), value % _SEED_LIMIT)
        digest = digest_of((bytes(twin),))
        return {name: digest for name, _ in _pointers()}

    def settings(self, value: int) -> tuple[Setting, ...]:
        """Say whether both generators stand where a private one with the seed begins."""
        reduced = value % _SEED_LIMIT
        actual, expected = self.digests(), self.expected(value)
        return (
            seed_setting(
                self.name,
                requested=value,
                effective=reduced,
                actual=repr(actual),
                expected=repr(expected),
                generator=f"numba state with seed {reduced}",
                note="this thread's; threads of `prange` have streams of their own"
                + ("" if reduced == value else "; numba takes 32 bits, so it got the seed modulo 2**32"),
            ),
        )


def _helper() -> Any:
    return sys.modules["numba._helperlib"]


def _pointers() -> Iterator[tuple[str, int]]:
    """Yield the addresses of the two states, after making sure that they look as we read them.

    Raises:
        RuntimeError: This numba keeps them otherwise.
    """
    helper = _helper()
    for name, pointer in (
        ("numba", helper.rnd_get_np_state_ptr()),
        ("numba.random", helper.rnd_get_py_state_ptr()),
    ):
        seen = _State.from_address(pointer)
        index, words = helper.rnd_get_state(pointer)
        # the first and last word: a shifted layout moves both
        if (seen.index, seen.mt[0], seen.mt[_WORDS - 1]) != (index, words[0], words[-1]):
            raise RuntimeError("this numba keeps its generators in a way that is not known here")
        yield name, pointer


def _bytes(pointer: int) -> bytes:
    return ctypes.string_at(pointer, ctypes.sizeof(_State))
