"""How cuDNN chooses its algorithms in torch."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch

__all__ = ["CUDNN_BENCHMARK", "CUDNN_DETERMINISTIC"]


def _cudnn() -> Any:
    return sys.modules["torch"].backends.cudnn


def _absent() -> str:
    return "" if _cudnn().is_available() else "this torch is built without cuDNN"


def _flag(attribute: str, *, wanted: bool, why: str, cost: str) -> Switch:
    def put(_: str) -> None:
        setattr(_cudnn(), attribute, wanted)

    def restore(former: bool) -> None:  # noqa: FBT001 - a captured value
        setattr(_cudnn(), attribute, former)

    return Switch(
        name=f"torch.cudnn.{attribute}",
        why=why,
        cost=cost,
        wanted={"strict": str(wanted), "warn": str(wanted)},
        read=lambda: str(getattr(_cudnn(), attribute)),
        verified_by=f"read back from torch.backends.cudnn.{attribute}",
        put=put,
        capture=lambda: getattr(_cudnn(), attribute),
        restore=restore,
        module="torch",
        absent=_absent,
    )


CUDNN_DETERMINISTIC = _flag(
    "deterministic",
    wanted=True,
    why="cuDNN may otherwise use convolutions whose sums differ from call to call",
    cost="slower convolutions",
)
CUDNN_BENCHMARK = _flag(
    "benchmark",
    wanted=False,
    why="cuDNN otherwise times the algorithms and takes another one on another day",
    cost="slower convolutions of fixed size",
)
