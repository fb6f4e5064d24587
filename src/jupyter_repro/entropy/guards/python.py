"""``random.Random()`` and ``random.seed()`` without a seed, or with the clock for one."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from jupyter_repro.entropy.calls import called_name
from jupyter_repro.patches import Patches

if TYPE_CHECKING:
    import ast
    from types import FrameType

    from jupyter_repro.entropy.protocol import Ask
    from jupyter_repro.records import LeakKind

__all__ = ["PythonGuard"]

_BITS = 128
_RESTORED = frozenset(("copy", "deepcopy", "load", "loads"))
"""They make a generator and then put a known state into it."""
_SECONDS = 5.0


class PythonGuard:
    """Stands before the seeding of every generator of the module ``random``."""

    name = "python"
    module = "random"
    note = ""
    governs = True

    def __init__(self) -> None:
        self._patches = Patches()

    def put_on(self, ask: Ask) -> None:
        """Stand in for ``Random.seed``, and for the function of the module that is bound to it."""
        module: Any = sys.modules["random"]
        original = vars(module.Random)["seed"]

        def seed(self: Any, a: Any = None, version: int = 2) -> None:
            if a is None or _is_the_clock(a):
                frame = sys._getframe(1)  # noqa: SLF001 - the only way to see who asks
                by_name = frame.f_code.co_name != "__init__"
                found = ask(
                    _kind(a, by_name=by_name),
                    "random.seed" if by_name else "random.Random",
                    frame,
                    bits=_BITS if a is None else None,
                    judge=_judge,
                )
                a = a if found is None else found
            original(self, a, version)

        seed.__doc__ = original.__doc__
        seed.__qualname__ = original.__qualname__
        seed.__module__ = original.__module__
        self._patches.replace(module.Random, "seed", seed)
        if getattr(vars(module)["seed"], "__func__", None) is original:
            self._patches.replace(module, "seed", module.seed.__self__.seed)

    def take_off(self) -> None:
        """Give both back."""
        self._patches.give_back()

    def in_place(self) -> bool:
        """Whether the module still seeds through it."""
        return self._patches.in_place()


def _kind(seed: Any, *, by_name: bool) -> LeakKind:
    if seed is not None:
        return "clock seed"
    return "reseeded" if by_name else "unseeded generator"


def _judge(call: ast.Call | None, _frame: FrameType) -> bool:
    return call is None or called_name(call) not in _RESTORED


def _is_the_clock(value: Any) -> bool:
    """Whether the seed is what the clock says now, in seconds, or in milli-, micro- or nanoseconds."""
    if type(value) not in (int, float):
        return False
    now = time.time()
    return any(abs(value / unit - now) < _SECONDS for unit in (1, 10**3, 10**6, 10**9))
