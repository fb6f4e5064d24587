"""How NCCL adds up over several GPUs: read when the first group of processes is made."""

from __future__ import annotations

import sys

from jupyter_repro.determinism.switches.variable import variable_switch

__all__ = ["NCCL_ALGO", "NCCL_PROTO"]


def _absent() -> str:
    distributed = sys.modules["torch"].distributed
    if not distributed.is_available() or not distributed.is_nccl_available():
        return "this torch is built without NCCL"
    return ""


def _late() -> str:
    if sys.modules["torch"].distributed.is_initialized():
        return "the group of processes has been made, and NCCL has read it"
    return ""


NCCL_ALGO = variable_switch(
    "NCCL_ALGO",
    "Ring",
    why="NCCL otherwise adds up in a ring or a tree as the size of the data suggests",
    cost="slower sums over many nodes",
    wanted={"strict": "Ring"},
    good=("Tree",),
    late=_late,
    absent=_absent,
    module="torch",
)
NCCL_PROTO = variable_switch(
    "NCCL_PROTO",
    "Simple",
    why="NCCL otherwise takes another protocol, with another order of sums, by the size of the data",
    cost="slower sums of small tensors",
    wanted={"strict": "Simple"},
    good=("LL", "LL128"),
    late=_late,
    absent=_absent,
    module="torch",
)
