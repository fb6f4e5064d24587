"""XLA on GPUs: its flags are read when the first backend starts."""

from __future__ import annotations

import os
import sys

from jupyter_repro.determinism.switch import Switch
from jupyter_repro.imports import complete

from .variable import giving_back

__all__ = ["XLA"]

_VARIABLE = "XLA_FLAGS"
_FLAG = "--xla_gpu_deterministic_ops=true"
_SUPERSET = "--xla_gpu_exclude_nondeterministic_ops=true"


def _read() -> str:
    words = os.environ.get(_VARIABLE, "").split()
    return " ".join(word for word in words if word in (_FLAG, _SUPERSET))


def _put(_: str) -> None:
    if not _read():
        os.environ[_VARIABLE] = f"{os.environ.get(_VARIABLE, '')} {_FLAG}".strip()


def _late() -> str:
    bridge = sys.modules.get("jax._src.xla_bridge")
    started = getattr(bridge, "backends_are_initialized", None)
    if started is not None and started() and not _read():
        return "a backend of JAX has started and has read the former value"
    if complete("tensorflow") and not _read():
        return "TensorFlow may have read the former value"
    return ""


XLA = Switch(
    name=f"env.{_VARIABLE}",
    why="XLA otherwise takes GPU algorithms whose sums differ from call to call",
    cost="slower scatter and reductions on GPUs",
    wanted={"strict": _FLAG, "warn": _FLAG},
    accepts=lambda _, value: _SUPERSET in value,
    read=_read,
    verified_by="the variable, set before a backend started",
    put=_put,
    capture=lambda: os.environ.get(_VARIABLE),
    restore=giving_back(_VARIABLE),
    late=_late,
    late_remedy="`%repro restart` starts the kernel with it",
    module="jax",
)
