"""All devices of the machine, and the libraries that run on them."""

from __future__ import annotations

import importlib.util
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from jupyter_repro.records import Gpu, Missing
from jupyter_repro.records.gpu import Compute

from .asked import asked

__all__ = ["compute", "devices"]

_SIGNS = ("/dev/nvidiactl", "/proc/driver/nvidia", "/dev/dxg")
"""Of a driver: its device, its folder, and the device of the subsystem for Linux."""
_NO_TORCH = "torch, which tells it, is not imported"
_CUBLAS = ("nvidia-cublas", "nvidia-cublas-cu13", "nvidia-cublas-cu12", "nvidia-cublas-cu11")


def devices() -> tuple[tuple[Gpu, ...] | Missing, dict[str, str]]:
    """Return every device that computes, and by vendor why there is none of it.

    Where there is no device at all, the reason is that of NVIDIA's driver, for which most code asks.
    """
    vendors = {"nvidia": _nvidia(), "amd": _amd(), "apple": _apple()}
    found = tuple(gpu for each in vendors.values() if not isinstance(each, Missing) for gpu in each)
    absent = {vendor: each.reason for vendor, each in vendors.items() if isinstance(each, Missing)}
    return found or Missing(absent["nvidia"]), absent


def _nvidia() -> tuple[Gpu, ...] | Missing:
    """Ask NVML, unless Linux shows no sign of a driver: loading the binding alone takes 15 ms."""
    if (
        sys.platform == "linux"
        and "pynvml" not in sys.modules
        and not any(Path(sign).exists() for sign in _SIGNS)
    ):
        return Missing("no NVIDIA driver (this system shows no device of it)")
    from .gpu import gpus

    return gpus()


def _amd() -> tuple[Gpu, ...] | Missing:
    if importlib.util.find_spec("amdsmi") is None:
        return Missing("amdsmi, which ROCm brings, is not installed")
    from .amd import amd_gpus

    return amd_gpus()


def _apple() -> tuple[Gpu, ...] | Missing:
    if platform.system() != "Darwin":
        return Missing("this is no Mac")
    from .apple import apple_gpu

    found = apple_gpu()
    return found if isinstance(found, Missing) else (found,)


def compute(absent: dict[str, str], *, libraries: bool = True) -> Compute:
    """Return the versions that torch works with, if the user has imported it; nothing is started.

    Args:
        absent: Why there is no device of a vendor.
        libraries: False: leave the user's libraries alone, they are looked at later.
    """
    torch: Any = sys.modules.get("torch") if libraries else None
    version: Any = getattr(torch, "version", None)
    if version is None:
        return Compute(
            absent={**dict.fromkeys(("cuda", "cudnn", "cublas", "nccl", "hip"), _NO_TORCH), **absent}
        )
    cudnn, nccl = asked(lambda: _cudnn(torch)), asked(lambda: _nccl(torch))
    found = {
        "cuda": (version.cuda, "this torch is built without CUDA"),
        "hip": (getattr(version, "hip", None), "this torch is built without ROCm"),
        "cudnn": _or_reason(cudnn, "this torch has no cuDNN"),
        "nccl": _or_reason(nccl, "this torch has no NCCL"),
        "cublas": (_cublas(), "no package of NVIDIA's cuBLAS is installed"),
    }
    return Compute(
        **{name: value for name, (value, _) in found.items()},
        absent={**{name: why for name, (value, why) in found.items() if value is None}, **absent},
    )


def _or_reason(answer: str | Missing | None, why_not: str) -> tuple[str | None, str]:
    return (None, answer.reason) if isinstance(answer, Missing) else (answer, why_not)


def _cudnn(torch: Any) -> str | None:
    """Return ``9.10.2`` for 91002; asking loads the library and starts no device."""
    if torch.version.cuda is None:
        return None
    number = torch.backends.cudnn.version()
    if not number:
        return None
    major, rest = divmod(number, 10_000 if number >= 90_000 else 1000)  # noqa: PLR2004 - spelled so from 9.0 on
    return f"{major}.{rest // 100}.{rest % 100}"


def _nccl(torch: Any) -> str | None:
    if not hasattr(torch._C, "_nccl_version"):  # noqa: SLF001 - `torch.cuda.nccl.version` fails without it
        return None
    found = torch.cuda.nccl.version()
    return ".".join(str(part) for part in found) if isinstance(found, tuple) else str(found)


def _cublas() -> str | None:
    """Return the version as installed: the library itself tells it only to who has started a device."""
    found = [each for name in _CUBLAS for each in metadata.distributions(name=name)]
    return found[0].version if found else None
