"""torch tensors and generators; modules and optimizers are plain objects that hold them.

A tensor's version counter is not trusted to say that it is unchanged: writes through ``.data`` or through a
NumPy array that shares its memory leave the counter as it is.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import itself_or_below, module_of

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_SPARSE = {
    "torch.sparse_coo": ("_indices", "_values"),
    "torch.sparse_csr": ("crow_indices", "col_indices", "values"),
    "torch.sparse_bsr": ("crow_indices", "col_indices", "values"),
    "torch.sparse_csc": ("ccol_indices", "row_indices", "values"),
    "torch.sparse_bsc": ("ccol_indices", "row_indices", "values"),
}
_FAR_COST = 16
"""Memory of a GPU is copied to the host first, and costs as many times more."""


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of torch; tell whether it was one."""
    torch: Any = sys.modules.get("torch")
    tensor: Any = getattr(torch, "Tensor", None)
    if tensor is None:
        return False
    kind = type(value)
    if itself_or_below(kind, tensor):
        if kind is not tensor and not _is_parameter(kind, torch):
            raise NotLookedInside(f"tensors of type {kind.__qualname__} are not looked inside")
        _tensor(digester, value, kind)
    elif kind is torch.Generator:
        default = value is torch.default_generator
        digester.container("Generator", value, () if default else (f"{value.device}", value.get_state()))
    elif kind in (torch.device, torch.dtype, torch.layout, torch.memory_format, torch.iinfo, torch.finfo):
        digester.text("torch", f"{value!r}")
    elif kind is torch.Size:
        digester.feed(("Size", tuple(value)))
    elif module_of(kind).startswith("torch.jit") or itself_or_below(kind, torch.ScriptObject):
        raise NotLookedInside("compiled torch code is not looked inside")
    else:
        return False
    return True


def _is_parameter(kind: type, torch: Any) -> bool:
    return kind is torch.nn.Parameter or kind is getattr(torch.nn, "Buffer", torch.nn.Parameter)


def _tensor(digester: Digester, value: Any, kind: type) -> None:
    layout, device = f"{value.layout}", value.device.type
    if device not in ("cpu", "cuda"):
        raise NotLookedInside(f"tensors on {device} are not looked inside")
    origin = "" if value.grad_fn is None else value.grad_fn.name()
    gradient = value.grad if value.is_leaf and value.requires_grad else None
    digester.container(
        f"tensor {kind.__name__} {value.dtype} {value.device} {layout} {value.requires_grad} {origin}",
        value,
        (tuple(value.shape), gradient, vars(value), value._backward_hooks),  # noqa: SLF001 - no public way
    )
    with sys.modules["torch"].no_grad():
        plain = value.detach()
        if layout == "torch.strided":
            _data(digester, plain, device)
        elif layout in _SPARSE:
            for part in _SPARSE[layout]:
                _tensor(digester, getattr(plain, part)(), type(plain))
        else:
            raise NotLookedInside(f"tensors of layout {layout} are not looked inside")


def _data(digester: Digester, plain: Any, device: str) -> None:
    """Feed the elements in order, from where they lie if they lie in order."""
    if plain.is_quantized:
        raise NotLookedInside("quantized tensors are not looked inside")
    size = plain.numel() * plain.element_size()
    if not size:
        return
    far = device == "cuda"
    try:
        digester.spend_buffer(size * _FAR_COST if far else size)
    except NotLookedInside as error:
        raise NotLookedInside(f"too big to look inside{' on the GPU' if far else ''}") from error
    near = (plain.cpu() if far else plain).resolve_conj().resolve_neg().contiguous()
    if near.untyped_storage().nbytes() < size:
        raise NotLookedInside("a tensor whose memory was freed")
    digester.buffer("elements", (ctypes.c_char * size).from_address(near.data_ptr()))
