"""What the numbers of torch may hang on, as texts that can be compared between machines."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["facts_now"]

_VARIABLES = (
    "ATEN_CPU_CAPABILITY",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "DNNL_MAX_CPU_ISA",
    "MKL_CBWR",
    "NCCL_ALGO",
    "NCCL_PROTO",
    "ONEDNN_MAX_CPU_ISA",
)


def facts_now() -> dict[str, str]:
    """Return the facts of this process; torch is asked only if it is loaded, and no device is started."""
    found = {
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "CPU": _cpu(),
        "hash seed": "random" if sys.flags.hash_randomization and not _hash_seed() else _hash_seed() or "0",
    }
    found |= {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        found["NumPy"] = str(numpy.__version__)
    torch = sys.modules.get("torch")
    if torch is not None:
        for name, ask in _ASKED.items():
            try:
                answer = ask(torch)
            except (AttributeError, RuntimeError, AssertionError):
                continue  # this torch was built without it
            if answer not in (None, ""):
                found[name] = str(answer)
    return found


def _hash_seed() -> str:
    seed = os.environ.get("PYTHONHASHSEED", "")
    return "" if seed == "random" else seed


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _devices(torch: Any) -> str:
    if not torch.cuda.is_initialized():
        return ""
    names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    return ", ".join(dict.fromkeys(names))


def _precision(torch: Any, operation: str) -> Any:
    # the older getters raise once the newer interface has been written
    return torch._C._get_fp32_precision_getter("cuda", operation)  # noqa: SLF001 - the only getter that never raises


_ASKED: dict[str, Callable[[Any], Any]] = {
    "torch": lambda torch: torch.__version__,
    "threads": lambda torch: torch.get_num_threads(),
    "instruction set": lambda torch: torch.backends.cpu.get_cpu_capability(),
    "deterministic algorithms": lambda torch: {0: "off", 1: "warn", 2: "on"}[
        torch.get_deterministic_debug_mode()
    ],
    "default dtype": lambda torch: torch.get_default_dtype(),
    "GPU": _devices,
    "CUDA": lambda torch: torch.version.cuda,
    "cuDNN": lambda torch: torch.backends.cudnn.version() if torch.cuda.is_initialized() else None,
    "cuDNN benchmark": lambda torch: torch.backends.cudnn.benchmark if torch.cuda.is_initialized() else None,
    "matmul precision": lambda torch: _precision(torch, "matmul") if torch.cuda.is_initialized() else None,
    "convolution precision": lambda torch: _precision(torch, "conv") if torch.cuda.is_initialized() else None,
}
