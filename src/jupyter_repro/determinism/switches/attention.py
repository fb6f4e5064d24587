"""Which implementations of scaled dot product attention torch may take."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch
from jupyter_repro.determinism.switches.variable import variable_switch

__all__ = ["FLASH_ATTENTION", "SDPA"]

_ALL = ("flash", "mem_efficient", "math", "cudnn")
_STRICT = "flash, mem_efficient, math"
_WARN = "flash, math"


def _cuda() -> Any:
    return sys.modules["torch"].backends.cuda


def _there() -> tuple[str, ...]:
    return tuple(name for name in _ALL if hasattr(_cuda(), f"{name}_sdp_enabled"))


def _enabled() -> dict[str, bool]:
    return {name: bool(getattr(_cuda(), f"{name}_sdp_enabled")()) for name in _there()}


def _restore(former: dict[str, bool]) -> None:
    for name, enabled in former.items():
        getattr(_cuda(), f"enable_{name}_sdp")(enabled)


def _put(value: str) -> None:
    # only ever taken away: what the user has disabled stays so
    allowed = value.split(", ")
    _restore({name: enabled and name in allowed for name, enabled in _enabled().items()})


SDPA = Switch(
    name="torch.sdpa",
    why="the backward of cuDNN's attention, and without `strict` of the memory-efficient one, is not deterministic",
    cost="on some GPUs another, slower attention",
    wanted={"strict": _STRICT, "warn": _WARN},
    accepts=lambda wanted, value: set(value.split(", ")) <= set(wanted.split(", ")),
    read=lambda: ", ".join(name for name, enabled in _enabled().items() if enabled),
    verified_by="read back from torch.backends.cuda",
    put=_put,
    capture=_enabled,
    restore=_restore,
    module="torch",
)

FLASH_ATTENTION = variable_switch(
    "FLASH_ATTENTION_DETERMINISTIC",
    "1",
    why="the backward of the package flash-attn, as transformers calls it, is otherwise not deterministic",
    cost="a slower backward",
    wanted={"strict": "1", "warn": "1"},
)
