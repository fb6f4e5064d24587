"""NVIDIA's management library through its official binding; CUDA is never started."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
import warnings
from importlib import metadata
from typing import TYPE_CHECKING, Any

from jupyter_repro.records import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Device", "nvml", "opened"]

_REASONS = {
    "NVMLError_LibraryNotFound": "no NVIDIA driver (libnvidia-ml.so.1 not found)",
    "NVMLError_DriverNotLoaded": "the NVIDIA driver is installed and not loaded",
    "NVMLError_NoPermission": "the NVIDIA driver may not be asked by this user",
    "NVMLError_LibRmVersionMismatch": "the NVIDIA driver and its library are of different versions; a restart helps",
    "NVMLError_GpuIsLost": "a GPU has fallen off the bus",
}
_UNTOLD = {
    "NVMLError_NotSupported": "not supported by this device",
    "NVMLError_FunctionNotFound": "not known to this driver",
    "NVMLError_NoPermission": "not told to this user",
    "NVMLError_GpuIsLost": "the device has fallen off the bus",
}


def nvml() -> Any:
    """Return the official binding, or why there is none; another package of its name may shadow it."""
    try:
        with _quiet():
            module = importlib.import_module("pynvml")
    except ImportError:
        return Missing("nvidia-ml-py is not installed")
    if not hasattr(module, "_nvmlGetFunctionPointer") or not hasattr(module, "NVMLError"):
        return Missing("the package `pynvml` hides nvidia-ml-py; uninstall `pynvml`")
    return module


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The package ``pynvml`` makes its import warn; without it, filters stay, since they are those of all threads."""
    if "pynvml" in sys.modules or not _is_shadowed():
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _is_shadowed() -> bool:
    try:
        metadata.version("pynvml")
    except metadata.PackageNotFoundError:
        spec = importlib.util.find_spec("pynvml")
        return spec is not None and spec.submodule_search_locations is not None
    return True


@contextlib.contextmanager
def opened() -> Iterator[Any]:
    """Open the library for the block and give the binding, or why it cannot be opened; it is left as it was found."""
    module = nvml()
    if isinstance(module, Missing):
        yield module
        return
    try:
        module.nvmlInit()
    except module.NVMLError as error:
        yield refusal(error)
        return
    try:
        yield module
    finally:
        with contextlib.suppress(module.NVMLError):
            module.nvmlShutdown()


def refusal(error: Exception) -> Missing:
    """Return why the driver answers nothing at all."""
    return Missing(_REASONS.get(type(error).__name__, f"NVML: {error}"))


class Device:
    """One device that is asked; what it does not answer is noted with the reason."""

    def __init__(self, module: Any, handle: Any) -> None:
        self.nvml = module
        self.handle = handle
        self.absent: dict[str, str] = {}

    def ask(self, field: str, function: str, *arguments: Any) -> Any:
        """Return what a function of NVML says of this device, None where it does not."""
        return self.ask_driver(field, function, self.handle, *arguments)

    def ask_driver(self, field: str, function: str, *arguments: Any) -> Any:
        """Return what a function of NVML says, None where it does not."""
        known = getattr(self.nvml, function, None)
        if known is None:
            self.absent[field] = "not known to this nvidia-ml-py"
            return None
        try:
            answer = known(*arguments)
        except self.nvml.NVMLError as error:
            self.absent[field] = _UNTOLD.get(type(error).__name__, f"NVML: {error}")
            return None
        return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
