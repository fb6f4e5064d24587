"""The content of tensors, as 64 bits: all of it counts, on the CPU and on devices."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import xxhash

__all__ = ["Contents", "bytes_digest"]

_READ_ONLY = 0x100
_view = ctypes.pythonapi.PyMemoryView_FromMemory
_view.argtypes = (ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int)
_view.restype = ctypes.py_object

_CHUNK = 1 << 20
"""Numbers that are added up at once on a device."""
_WRAP = 1 << 64


def bytes_digest(tensor: Any) -> int:
    """Return the XXH3 digest of the bytes of a contiguous CPU tensor."""
    size = tensor.nbytes
    if size == 0:
        return 0
    return xxhash.xxh3_64_intdigest(_view(tensor.data_ptr(), size, _READ_ONLY))


class Contents:
    """Digests the content of tensors, each on its device, without moving any generator."""

    def __init__(self) -> None:
        torch = sys.modules["torch"]
        self._plain, self._parameter, self._strided = torch.Tensor, torch.nn.Parameter, torch.strided
        self._weights: dict[Any, Any] = {}

    def digest(self, tensor: Any) -> tuple[int | None, str]:
        """Return (digest, "") or (None, why its content cannot be looked at)."""
        kind = type(tensor)
        if kind is not self._plain and kind is not self._parameter:
            return None, f"a {kind.__name__}"
        if tensor.layout is not self._strided:
            return None, "a sparse tensor"
        if tensor.is_neg() or tensor.is_conj():
            tensor = tensor.resolve_conj().resolve_neg()
        if tensor.is_quantized:
            tensor = tensor.int_repr()
        if tensor.is_cpu:
            return bytes_digest(tensor if tensor.is_contiguous() else tensor.contiguous()), ""
        if tensor.is_meta:
            return None, "a tensor without content"
        torch = sys.modules["torch"]
        if tensor.is_cuda and torch.cuda.is_current_stream_capturing():
            return None, "inside a CUDA graph"
        return self._on_device(torch, tensor.contiguous()), ""

    def _on_device(self, torch: Any, tensor: Any) -> int:
        """Return a weighted sum of the bits, which no order of adding up changes; one number is copied.

        Each number of 32 bits is mixed with its position before it is added, so that swapped numbers and
        small changes that cancel out are seen.
        """
        if tensor.numel() == 0:
            return 0
        flat = tensor.reshape(-1).view(torch.uint8)
        rest = flat.numel() % 4
        if rest:
            flat = torch.cat((flat, flat.new_zeros(4 - rest)))
        words = flat.view(torch.int32)
        weights = self._weights_on(torch, words.device)
        total = torch.zeros((), dtype=torch.int64, device=words.device)
        for number, start in enumerate(range(0, words.numel(), _CHUNK)):
            part = words[start : start + _CHUNK].to(torch.int64)
            mixed = (part ^ weights[: part.numel()]) * weights[: part.numel()]
            mixed = mixed ^ (mixed >> 29)
            total = total * 0x100000001B3 + mixed.sum() + number
        return int(total.item()) % _WRAP

    def _weights_on(self, torch: Any, device: Any) -> Any:
        """Return odd numbers that look random, the same on every device."""
        found = self._weights.get(device)
        if found is None:
            # by wrap-around multiplication and shifts, which are exact; never from a generator
            number = torch.arange(1, _CHUNK + 1, dtype=torch.int64, device=device) * 0x1E3779B97F4A7C15
            number = (number ^ (number >> 30)) * 0x3F58476D1CE4E5B9
            number = (number ^ (number >> 27)) * 0x14D049BB133111EB
            found = self._weights[device] = (number ^ (number >> 31)) | 1
        return found
