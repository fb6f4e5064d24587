"""Twenty switches, each put into its worst state before a peer is asked, and read afterwards; printed as JSON.

``switches.py PEER first|second``. The second part has JAX instead of TensorFlow, which reads XLA's variables too, and
begins with a write through the newer of torch's two TF32 interfaces, after which some getters of the older one raise.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from peers import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from peers import Begun

__all__ = ["SECOND", "SWITCHES", "THREADS", "Switch"]

THREADS = 2
VARIABLES = (
    "CUBLAS_WORKSPACE_CONFIG",
    "FLASH_ATTENTION_DETERMINISTIC",
    "NCCL_ALGO",
    "NCCL_PROTO",
    "XLA_FLAGS",
)
HASH = "env.PYTHONHASHSEED"
ISA = "cpu.instruction_set"


class Switch(NamedTuple):
    """One row of the table."""

    title: str
    read: Callable[[], Any]
    good: Any
    """What it reads where the switch is in force."""
    told: str = ""
    """The name of the setting with which it is reported where it cannot be set."""
    absent: Callable[[], str] = str
    """Returns why it has nothing to act on here, or nothing."""


def _torch() -> Any:
    import torch

    return torch


def _inductor() -> Any:
    return sys.modules["torch._inductor.config"]


def _no_cudnn() -> str:
    return "" if _torch().backends.cudnn.is_available() else "no cuDNN"


def _no_nccl() -> str:
    return "" if _torch().distributed.is_nccl_available() else "no NCCL"


def _raises() -> bool:
    torch = _torch()
    try:
        torch.zeros(3).put_(torch.tensor([0]), torch.ones(1))
    except RuntimeError:
        return True
    return False


def _filled() -> bool:
    torch = _torch()
    return all(bool(torch.empty(64).isnan().all()) for _ in range(20))


def _threads() -> list[int]:
    from threadpoolctl import threadpool_info

    blas = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    return sorted({_torch().get_num_threads(), *blas})


def _tf32(op: str) -> str:
    torch = _torch()
    return str(torch._C._get_fp32_precision_getter("cuda", op))  # noqa: SLF001 - the one getter that never raises


def _older_getters() -> list[Any]:
    torch = _torch()
    try:
        return [
            torch.backends.cuda.matmul.allow_tf32,
            torch.backends.cudnn.allow_tf32,
            _tf32("matmul"),
            _tf32("conv"),
        ]
    except RuntimeError as error:
        return [f"raises {type(error).__name__}"]


def _reduced() -> list[bool]:
    matmul = _torch().backends.cuda.matmul
    return [
        matmul.allow_fp16_reduced_precision_reduction,
        matmul.allow_bf16_reduced_precision_reduction,
    ]


def _tensorflow() -> bool:
    from tensorflow.python.framework import config

    return bool(config.is_op_determinism_enabled())


SWITCHES = {
    "algorithms": Switch("torch's deterministic algorithms: others raise", _raises, True),
    "fill": Switch("fill of uninitialised memory", _filled, True),
    "inductor": Switch("inductor chooses by no timing", lambda: bool(_inductor().deterministic), True),
    "cudnn": Switch(
        "cuDNN deterministic", lambda: _torch().backends.cudnn.deterministic, True, absent=_no_cudnn
    ),
    "benchmark": Switch(
        "cuDNN benchmark off", lambda: _torch().backends.cudnn.benchmark, False, absent=_no_cudnn
    ),
    "cublas": Switch(
        "cuBLAS workspace, before CUDA starts",
        lambda: os.environ.get("CUBLAS_WORKSPACE_CONFIG") in (":4096:8", ":16:8"),
        True,
    ),
    "tf32 matmul": Switch("TF32 off in products", lambda: _tf32("matmul"), "ieee"),
    "tf32 conv": Switch("TF32 off in convolutions", lambda: _tf32("conv"), "ieee"),
    "tf32 newer": Switch(
        "the same after a write through the newer interface, every getter readable",
        _older_getters,
        [False, False, "ieee", "ieee"],
    ),
    "reduced": Switch("no reduced precision in sums of float16 and bfloat16", _reduced, [False, False]),
    "sdpa": Switch(
        "no cuDNN attention",
        lambda: bool(_torch().backends.cuda.cudnn_sdp_enabled()),
        False,
        absent=_no_cudnn,
    ),
    "flash": Switch(
        "flash-attn's deterministic backward",
        lambda: os.environ.get("FLASH_ATTENTION_DETERMINISTIC"),
        "1",
    ),
    "nccl": Switch(
        "NCCL's algorithm and protocol fixed",
        lambda: all(os.environ.get(name) for name in ("NCCL_ALGO", "NCCL_PROTO")),
        True,
        absent=_no_nccl,
    ),
    "onednn": Switch("oneDNN deterministic", lambda: _torch().backends.mkldnn.deterministic, True),
    "threads": Switch("threads of torch and BLAS pinned", _threads, [THREADS]),
    "isa": Switch("instruction set (MKL, oneDNN, ATen)", lambda: None, True, ISA),
    "tensorflow": Switch("TensorFlow's op determinism", _tensorflow, True),
    "xla": Switch(
        "XLA's deterministic ops",
        lambda: "--xla_gpu_deterministic_ops=true" in os.environ.get("XLA_FLAGS", ""),
        True,
    ),
    "hash": Switch("hash seed in force", lambda: hash("probe"), None, HASH),
}
"""The twentieth is whether all of these can be given back."""
SECOND = ("tf32 newer", "xla")


def _worst() -> None:
    from threadpoolctl import threadpool_limits

    torch = _torch()
    torch.use_deterministic_algorithms(False)
    torch.utils.deterministic.fill_uninitialized_memory = False
    _inductor().deterministic = False
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = False, True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = True
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = True
    torch.backends.cuda.enable_cudnn_sdp(True)
    torch.backends.mkldnn.deterministic = False
    torch.set_num_threads(1)
    threadpool_limits(1)
    for name in VARIABLES:
        os.environ.pop(name, None)


def _readings(names: list[str]) -> dict[str, Any]:
    return {name: SWITCHES[name].read() for name in names}


def _given_back(begun: Begun, before: dict[str, Any]) -> bool:
    if begun.give_back is None:
        return False
    begun.give_back()
    return _readings(list(before)) == before


def main(peer: str, part: str) -> None:
    """Print what every switch reads after the peer was asked."""
    import torch
    import torch._inductor.config

    names = [name for name in SWITCHES if (name in SECOND) == (part == "second")]
    if part == "second":
        import jax  # noqa: F401 - what a user has imported before the call

        torch.backends.fp32_precision = "tf32"
        os.environ.pop("XLA_FLAGS", None)
    else:
        import tensorflow as tf  # noqa: F401 - as above

        _worst()
    before = _readings(names)
    variable = os.environ.get("PYTHONHASHSEED")
    begun = begin(peer, 42)
    after = _readings(names)
    found = {
        "after": after,
        "absent": {name: SWITCHES[name].absent() for name in names},
        "told": {} if begun.told is None else begun.told(),
        "claims hash seed": os.environ.get("PYTHONHASHSEED") != variable,
        "given back": _given_back(begun, before),
    }
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
