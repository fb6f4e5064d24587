"""What the CPU's own libraries do: oneDNN in torch, and the instructions that MKL, oneDNN and torch choose."""

from __future__ import annotations

import os
import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch

__all__ = ["INSTRUCTION_SET", "ONEDNN"]

_VARIABLES = ("ATEN_CPU_CAPABILITY", "DNNL_MAX_CPU_ISA", "MKL_CBWR", "ONEDNN_MAX_CPU_ISA")
_RECORDED = "recorded"


def _mkldnn() -> Any:
    return sys.modules["torch"].backends.mkldnn


def _put(_: str) -> None:
    _mkldnn().deterministic = True


def _restore(former: bool) -> None:  # noqa: FBT001 - a captured value
    _mkldnn().deterministic = former


def _absent() -> str:
    if not _mkldnn().is_available():
        return "this torch is built without oneDNN"
    return "" if hasattr(_mkldnn(), "deterministic") else "this torch is too old to ask oneDNN for it"


ONEDNN = Switch(
    name="torch.onednn.deterministic",
    why="oneDNN may otherwise add up in an order that differs from call to call",
    cost="some convolutions are slower",
    wanted={"strict": "True", "warn": "True"},
    read=lambda: str(_mkldnn().deterministic),
    verified_by="read back from torch.backends.mkldnn.deterministic",
    put=_put,
    capture=lambda: _mkldnn().deterministic,
    restore=_restore,
    module="torch",
    absent=_absent,
)


def _instructions() -> str:
    capability = sys.modules["torch"].backends.cpu.get_cpu_capability()
    asked = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    return ", ".join([capability, *asked])


INSTRUCTION_SET = Switch(
    name="cpu.instruction_set",
    why="another CPU, or another instruction set, gives other bits, without vectors even other random numbers",
    cost="none: it is only recorded",
    wanted={"strict": _RECORDED},
    accepts=lambda _, value: bool(value),
    read=_instructions,
    verified_by="torch.backends.cpu.get_cpu_capability(), and the variables that limit it",
    put=lambda _: None,
    capture=lambda: None,
    restore=lambda _: None,
    module="torch",
    notes={
        _RECORDED: "it can only be chosen before the kernel starts: `jupyter repro kernelspec --cbwr AVX2`"
    },
)
