"""NVIDIA devices, as NVML tells them; CUDA is never started."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Gpu, Missing

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["gpus"]

_REASONS = {
    "NVMLError_LibraryNotFound": "no NVIDIA driver (libnvidia-ml.so.1 not found)",
    "NVMLError_DriverNotLoaded": "the NVIDIA driver is installed and not loaded",
    "NVMLError_NoPermission": "the NVIDIA driver may not be asked by this user",
    "NVMLError_LibRmVersionMismatch": "the NVIDIA driver and its library are of different versions; a restart helps",
    "NVMLError_GpuIsLost": "a GPU has fallen off the bus",
}


def gpus() -> tuple[Gpu, ...] | Missing:
    """Return every device of the machine in NVML's order, or why none can be told."""
    nvml = _nvml()
    if isinstance(nvml, Missing):
        return nvml
    try:
        nvml.nvmlInit()
    except nvml.NVMLError as error:
        return _missing(error)
    try:
        count = nvml.nvmlDeviceGetCount()
        found = tuple(_gpu(nvml, index) for index in range(count))
    except nvml.NVMLError as error:
        return _missing(error)
    finally:
        _ask(nvml, nvml.nvmlShutdown)
    return found or Missing("the NVIDIA driver finds no GPU")


def _nvml() -> Any:
    """Import the official binding; another package of the same module name may shadow it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the shim `pynvml` makes its import warn
            nvml = importlib.import_module("pynvml")
    except ImportError:
        return Missing("nvidia-ml-py is not installed")
    if not hasattr(nvml, "_nvmlGetFunctionPointer") or not hasattr(nvml, "NVMLError"):
        return Missing("the package `pynvml` hides nvidia-ml-py; uninstall `pynvml`")
    return nvml


def _missing(error: Exception) -> Missing:
    return Missing(_REASONS.get(type(error).__name__, f"NVML: {error}"))


def _ask(nvml: Any, ask: Callable[..., Any], *arguments: Any) -> Any:
    """Return the answer, None where the device or the driver does not give it."""
    try:
        return ask(*arguments)
    except nvml.NVMLError:
        return None


def _gpu(nvml: Any, index: int) -> Gpu:
    device = nvml.nvmlDeviceGetHandleByIndex(index)

    def ask(name: str, *arguments: Any) -> Any:
        function = getattr(nvml, name, None)
        return None if function is None else _ask(nvml, function, *arguments)

    capability = ask("nvmlDeviceGetCudaComputeCapability", device)
    memory = ask("nvmlDeviceGetMemoryInfo", device)
    mig = ask("nvmlDeviceGetMigMode", device)
    ecc = ask("nvmlDeviceGetEccMode", device)
    uuid = _text(ask("nvmlDeviceGetUUID", device))
    return Gpu(
        index=index,
        name=_text(ask("nvmlDeviceGetName", device)) or "unknown",
        driver=_text(ask("nvmlSystemGetDriverVersion")) or "unknown",
        cuda_driver=_cuda(ask("nvmlSystemGetCudaDriverVersion_v2")),
        compute_capability=None if capability is None else f"{capability[0]}.{capability[1]}",
        memory_bytes=None if memory is None else int(memory.total),
        multiprocessors=_multiprocessors(ask("nvmlDeviceGetAttributes_v2", device), uuid),
        mig=None if mig is None else bool(mig[0]),
        ecc=None if ecc is None else bool(ecc[0]),
        uuid=uuid,
    )


def _text(value: str | bytes | None) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _cuda(version: int | None) -> str:
    """Return ``13.1`` for 13010."""
    return "unknown" if version is None else f"{version // 1000}.{version % 1000 // 10}"


def _multiprocessors(attributes: Any, uuid: str | None) -> int | None:
    """Return the count from NVML, else from torch, if the user's code has already started CUDA there."""
    if attributes is not None and attributes.multiprocessorCount:
        return int(attributes.multiprocessorCount)
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is None or uuid is None or not cuda.is_initialized():
        return None
    for device in range(cuda.device_count()):
        properties = cuda.get_device_properties(device)
        if f"GPU-{getattr(properties, 'uuid', None)}" == uuid:
            return int(properties.multi_processor_count)
    return None
