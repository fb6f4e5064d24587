"""Sums of half precision products that cuBLAS may keep in half precision."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch

__all__ = ["REDUCED_PRECISION"]

_FLAGS = (
    "allow_fp16_reduced_precision_reduction",
    "allow_bf16_reduced_precision_reduction",
    "allow_fp16_accumulation",
)
_SPLIT = "_split_k"


def _matmul() -> Any:
    return sys.modules["torch"].backends.cuda.matmul


def _there() -> tuple[str, ...]:
    return tuple(flag for flag in _FLAGS if hasattr(_matmul(), flag))


def _read() -> str:
    on = [flag.removeprefix("allow_").partition("_")[0] for flag in _there() if getattr(_matmul(), flag)]
    return f"on for {', '.join(dict.fromkeys(on))}" if on else "off"


def _put(_: str) -> None:
    for flag in _there():
        setattr(_matmul(), flag, False)


def _capture() -> dict[str, tuple[bool, bool | None]]:
    return {flag: (getattr(_matmul(), flag), getattr(_matmul(), flag + _SPLIT, None)) for flag in _there()}


def _restore(former: dict[str, tuple[bool, bool | None]]) -> None:
    for flag, (value, split) in former.items():
        setattr(_matmul(), flag, value if split is None else (value, split))


REDUCED_PRECISION = Switch(
    name="torch.reduced_precision",
    why="sums of float16 and bfloat16 products are otherwise rounded on the way, elsewhere on each GPU",
    cost="slower half precision products on GPUs",
    wanted={"strict": "off", "warn": "off"},
    read=_read,
    verified_by="read back from torch.backends.cuda.matmul",
    put=_put,
    capture=_capture,
    restore=_restore,
    module="torch",
)
