"""NumPy asks the system for entropy in one place, whatever is made without a seed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import argument_is_none, called_name, value_called
from jupyter_repro.patches import Patches

if TYPE_CHECKING:
    import ast
    from types import FrameType

    from jupyter_repro.entropy.protocol import Ask

__all__ = ["NumpyGuard"]

_DISCARDED = frozenset(("copy", "deepcopy", "jumped", "load", "loads"))
"""They make a generator with entropy and then put a known state into it."""


class NumpyGuard:
    """Sees ``default_rng()``, ``RandomState()``, ``SeedSequence()``, bit generators and ``np.random.seed()``."""

    name = "numpy"
    module = "numpy.random"
    note = ""
    governs = True

    def __init__(self) -> None:
        self._patches = Patches()
        self._probing = False
        self._reached = False

    def put_on(self, ask: Ask) -> None:
        """Stand in for the function that NumPy draws entropy with."""
        module = sys.modules["numpy.random.bit_generator"]
        original = vars(module).get("randbits")
        if original is None:
            raise RuntimeError("this NumPy does not draw its entropy where it is known to")

        def randbits(k: int) -> int:
            if self._probing:
                self._reached = True
                return 0
            frame = sys._getframe(1)  # noqa: SLF001 - the only way to see who asks
            found = ask("unseeded generator", "a NumPy generator", frame, bits=k, judge=_judge)
            return ask.unasked(original, k) if found is None else found

        self._patches.replace(module, "randbits", randbits)
        self._reached, self._probing = False, True
        try:
            sys.modules["numpy.random"].SeedSequence()
        finally:
            self._probing = False
        if not self._reached:
            self._patches.give_back()
            raise RuntimeError("this NumPy does not draw its entropy where it is known to")

    def take_off(self) -> None:
        """Give the function back."""
        self._patches.give_back()

    def in_place(self) -> bool:
        """Whether NumPy still asks through it."""
        return self._patches.in_place()


def _judge(call: ast.Call | None, frame: FrameType) -> bool | None:
    if call is None:
        return None
    name = called_name(call)
    if name in _DISCARDED:
        return False
    called = value_called(call, frame)
    if name == "RandomState" or called is sys.modules["numpy.random"].RandomState:
        # it draws entropy and throws it away where it is given a seed
        return argument_is_none(call, frame)
    return None if called is None and (call.args or call.keywords) and name not in _UNSEEDED else True


_UNSEEDED = frozenset(
    ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64", "SeedSequence", "default_rng", "seed")
)  # fmt: skip
