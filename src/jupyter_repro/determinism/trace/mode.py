"""Puts the recorder between torch's operations and their kernels, in one thread, and takes it off again."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .recorder import Recorder

__all__ = ["make_mode", "take_off"]


def make_mode(recorder: Recorder) -> Any:
    """Return a ``TorchDispatchMode`` that tells the recorder of each operation; torch must be loaded."""
    from torch.utils._python_dispatch import TorchDispatchMode

    process, lock = os.getpid(), threading.RLock()

    class Tracing(TorchDispatchMode):  # type: ignore[misc]  # torch's base class is not typed
        """Hands every operation on as it is."""

        supports_higher_order_operators = True

        @classmethod
        def ignore_compile_internals(cls) -> bool:
            """Let torch.compile compile as without us; what runs in it is not seen."""
            return True

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            """Run the operation between two looks at it."""
            del types
            keywords = kwargs or {}
            seen = None
            if os.getpid() == process:  # in a forked child nobody reads it
                try:
                    with lock:  # backward has a thread for each device
                        seen = recorder.before(func, args, keywords, sys._getframe(1))  # noqa: SLF001 - the only way to see who asks
                except Exception:  # noqa: BLE001 - what fails here would break the user's own operation
                    recorder.missed += 1
            result = func(*args, **keywords)
            if seen is not None:
                try:
                    with lock:
                        recorder.after(seen, args, keywords, result)
                except Exception:  # noqa: BLE001 - as above
                    recorder.missed += 1
            return result

    return Tracing()


def take_off(mode: Any) -> None:
    """Take the mode off in this thread, also from below modes that the user has left on."""
    from torch.utils._python_dispatch import _get_current_dispatch_mode_stack, _pop_mode, _push_mode

    stack = list(_get_current_dispatch_mode_stack())
    position = next((at for at, each in enumerate(stack) if each is mode), None)
    if position is None:
        return
    above = stack[position + 1 :]
    for _ in above:
        _pop_mode()
    mode.__exit__(None, None, None)
    for each in above:
        _push_mode(each)
