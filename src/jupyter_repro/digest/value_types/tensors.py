"""torch tensors on the CPU."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]


def feed(digester: Digester, value: Any) -> bool:
    """Feed a tensor, if the user has imported torch; tell whether it was one."""
    torch: Any = sys.modules.get("torch")
    tensor = getattr(torch, "Tensor", None)
    if tensor is None:
        return False
    if type(value) is torch.device or type(value) is torch.dtype:
        digester.tag("torch", str(value).encode())
        return True
    if type(value) is not tensor:
        return False
    if value.device.type != "cpu" or value.layout != torch.strided or value.grad_fn is not None:
        raise NotLookedInside(
            "tensors on a device, sparse ones and those with a gradient are not looked inside"
        )
    digester.spend(value.numel() * value.element_size())
    digester.budget.bytes += value.numel() * value.element_size()
    digester.tag(f"tensor {value.dtype} {tuple(value.shape)} {value.requires_grad}")
    if value.is_leaf and value.grad is not None:
        feed(digester, value.grad)
    plain = value.detach().contiguous().view(-1)
    digester.tag("data", plain.view(torch.uint8).numpy().tobytes() if plain.numel() else b"")
    return True
