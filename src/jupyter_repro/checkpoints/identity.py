"""What the bits of a training step hang on, beside its states."""

from __future__ import annotations

import platform
import sys
from typing import Any

from jupyter_repro.rng.guarded import attempt

__all__ = ["identity_now"]

_LIBRARIES = ("torch", "numpy", "sklearn", "lightning", "transformers", "accelerate")


def identity_now() -> dict[str, str]:
    """Return versions, threads, instruction set and devices; nothing is imported and no device started."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in _LIBRARIES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            found[name] = str(version)
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return found
    for word, ask in {
        "torch threads": torch.get_num_threads,
        "instruction set": torch.backends.cpu.get_cpu_capability,
        "deterministic algorithms": torch.are_deterministic_algorithms_enabled,
        "default type": torch.get_default_dtype,
    }.items():
        told, reason = attempt(ask)
        found[word] = f"unknown ({reason})" if reason else str(told)
    if torch.cuda.is_initialized():
        names = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
        found["devices"] = ", ".join(names)
        found["CUDA"] = str(torch.version.cuda or torch.version.hip)
    return found
