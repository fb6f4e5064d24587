"""The workspace of cuBLAS, read when its first handle is made."""

from __future__ import annotations

import os
import sys

from jupyter_repro.determinism.initial_environment import initial_variable
from jupyter_repro.determinism.switch import Switch
from jupyter_repro.imports import complete

from .variable import giving_back

__all__ = ["CUBLAS_WORKSPACE"]

_VARIABLE = "CUBLAS_WORKSPACE_CONFIG"
_OURS = ":4096:8"
_GOOD = frozenset({_OURS, ":16:8"})


def _read() -> str:
    return os.environ.get(_VARIABLE, "")


def _put(_: str) -> None:
    if _read() not in _GOOD:
        os.environ[_VARIABLE] = _OURS


def _late() -> str:
    # Set too late it would also silence torch's own check, which reads the variable and not cuBLAS.
    if not complete("torch") or not sys.modules["torch"].cuda.is_initialized():
        return ""
    if initial_variable(_VARIABLE) in _GOOD and _read() in _GOOD:
        return ""
    if _read() in _GOOD:
        return "CUDA had started before it could be seen whether cuBLAS read this value"
    return "CUDA has started and cuBLAS may have read the former value"


CUBLAS_WORKSPACE = Switch(
    name=f"env.{_VARIABLE}",
    why="cuBLAS may otherwise choose another algorithm from call to call",
    cost="24 MiB a device, sometimes slower matrix products",
    wanted={"strict": _OURS, "warn": _OURS},
    accepts=lambda _, value: value in _GOOD,
    read=_read,
    verified_by="the variable, set before CUDA started in torch",
    put=_put,
    capture=lambda: os.environ.get(_VARIABLE),
    restore=giving_back(_VARIABLE),
    late=_late,
    late_remedy="`%repro restart` starts the kernel with it",
)
