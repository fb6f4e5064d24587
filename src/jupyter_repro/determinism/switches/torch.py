"""torch's own deterministic mode, and what goes with it."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch
from jupyter_repro.imports import complete

__all__ = ["DETERMINISTIC_ALGORITHMS", "FILL_UNINITIALIZED", "INDUCTOR"]

_WORDS = ("off", "warns", "raises")


def _torch() -> Any:
    return sys.modules["torch"]


def _put_mode(value: str) -> None:
    # Not use_deterministic_algorithms: it imports torch's compiler, two seconds and 800 modules that the
    # user did not ask for. This sets the same two flags; INDUCTOR does the compiler's part when it is there.
    _torch().set_deterministic_debug_mode(_WORDS.index(value))


def _capture_mode() -> tuple[bool, bool]:
    torch = _torch()
    return torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()


def _restore_mode(former: tuple[bool, bool]) -> None:
    enabled, warn_only = former
    if not enabled and warn_only:
        _torch().use_deterministic_algorithms(mode=False, warn_only=True)
    else:
        _torch().set_deterministic_debug_mode((1 if warn_only else 2) if enabled else 0)


DETERMINISTIC_ALGORITHMS = Switch(
    name="torch.deterministic_algorithms",
    why="torch may otherwise use algorithms whose sums differ from call to call, on the CPU too",
    cost="some operations are slower, `strict` refuses those that have no deterministic algorithm",
    wanted={"strict": _WORDS[2], "warn": _WORDS[1]},
    accepts=lambda wanted, value: wanted == _WORDS[1] and value == _WORDS[2],
    read=lambda: _WORDS[_torch().get_deterministic_debug_mode()],
    verified_by="read back from torch.get_deterministic_debug_mode()",
    put=_put_mode,
    capture=_capture_mode,
    restore=_restore_mode,
    module="torch",
    notes={
        _WORDS[
            1
        ]: "operations without a deterministic algorithm only warn, and the memory-efficient attention "
        "takes its deterministic backward only under `strict`"
    },
)


def _filling() -> Any:
    return getattr(_torch().utils, "deterministic", None)


def _put_filling(_: str) -> None:
    _filling().fill_uninitialized_memory = True


def _restore_filling(former: bool) -> None:  # noqa: FBT001 - a captured value
    _filling().fill_uninitialized_memory = former


FILL_UNINITIALIZED = Switch(
    name="torch.fill_uninitialized_memory",
    why="torch.empty otherwise shows whatever was in memory",
    cost="one write of each new tensor",
    wanted={"strict": "True", "warn": "True"},
    read=lambda: str(_filling().fill_uninitialized_memory),
    verified_by="read back from torch.utils.deterministic.fill_uninitialized_memory",
    put=_put_filling,
    capture=lambda: _filling().fill_uninitialized_memory,
    restore=_restore_filling,
    module="torch",
    absent=lambda: "" if _filling() is not None else "this torch is older than 2.2",
)

_INDUCTOR = "torch._inductor.config"


def _inductor() -> Any:
    return sys.modules[_INDUCTOR]


def _inductor_absent() -> str:
    if complete(_INDUCTOR) and not hasattr(_inductor(), "deterministic"):
        return "this torch is older than 2.10"
    return ""


def _inductor_entry() -> Any:
    return _inductor()._config["deterministic"]  # noqa: SLF001 - see below


def _set_inductor(default: Any, value: Any) -> None:
    # The public attribute is a context variable: set in one cell, it may be unset in the next.
    _inductor_entry().default = default
    _inductor().deterministic = value


INDUCTOR = Switch(
    name="torch.inductor.deterministic",
    why="torch.compile otherwise times GPU algorithms and takes another one on another day",
    cost="slower compiled code",
    wanted={"strict": "True", "warn": "True"},
    read=lambda: str(_inductor().deterministic),
    verified_by="read back from torch._inductor.config.deterministic",
    put=lambda _: _set_inductor(default=True, value=True),
    capture=lambda: (_inductor_entry().default, _inductor().deterministic),
    restore=lambda former: _set_inductor(*former),
    module=_INDUCTOR,
    absent=_inductor_absent,
)
