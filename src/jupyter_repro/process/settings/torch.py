"""PyTorch: default dtype and device, threads, gradients, precision and printing."""

from __future__ import annotations

import operator
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.process.setting import Reading

if TYPE_CHECKING:
    from jupyter_repro.process.setting import Setting

__all__ = ["SETTINGS"]


_PRINTING = operator.attrgetter("_tensor_str.PRINT_OPTS")


def _torch() -> Any:
    return sys.modules["torch"]


def _dtype() -> tuple[object, ...]:
    return (_torch().get_default_dtype(),)


def _device() -> tuple[object, ...]:
    """Return the default device of this thread as it was set; asking torch for it may start the device."""
    kept = getattr(_torch(), "_GLOBAL_DEVICE_CONTEXT", None)
    context = getattr(kept, "device_context", None)
    return (None,) if context is None else (context.device,)


def _threads() -> tuple[object, ...]:
    torch = _torch()
    return (torch.get_num_threads(), torch.get_num_interop_threads())


def _gradients() -> tuple[object, ...]:
    return (_torch().is_grad_enabled(),)


def _precision() -> tuple[object, ...]:
    """Return what decides between exact and fast: ``%repro`` sets some of these itself."""
    torch = _torch()
    cudnn = torch.backends.cudnn
    return (
        torch.get_float32_matmul_precision(),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        cudnn.deterministic,
        cudnn.benchmark,
    )


def _printing() -> tuple[object, ...]:
    options = _PRINTING(_torch())
    return (options.precision, options.threshold, options.edgeitems, options.linewidth, options.sci_mode)


def _as_text(values: tuple[object, ...]) -> object:
    return tuple(str(value) for value in values)


SETTINGS: tuple[Setting, ...] = (
    Reading(
        "setting:torch.default_dtype",
        frozenset(("torch", "set_default_dtype", "set_default_tensor_type", "get_default_dtype")),
        _dtype,
        module="torch",
        held=True,
        plain=_as_text,
    ),
    Reading(
        "setting:torch.default_device",
        frozenset(("torch", "set_default_device", "set_default_tensor_type", "get_default_device")),
        _device,
        module="torch",
        held=True,
        plain=_as_text,
    ),
    Reading(
        "setting:torch.threads",
        frozenset(("torch", "set_num_threads", "set_num_interop_threads", "get_num_threads")),
        _threads,
        module="torch",
    ),
    Reading(
        "setting:torch.gradients",
        frozenset(("torch", "set_grad_enabled", "no_grad", "enable_grad", "inference_mode", "backward")),
        _gradients,
        module="torch",
    ),
    Reading(
        "setting:torch.precision",
        frozenset(
            ("torch", "set_float32_matmul_precision", "use_deterministic_algorithms", "backends", "cudnn")
        ),
        _precision,
        module="torch",
    ),
    Reading(
        "setting:torch.printoptions",
        frozenset(("torch", "set_printoptions")),
        _printing,
        module="torch",
        held=True,
    ),
)
"""PyTorch's settings."""
