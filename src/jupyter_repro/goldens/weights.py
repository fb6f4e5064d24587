"""Weights as rows of a reference: a digest of the bytes, shape, type and norm of each tensor."""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord
from jupyter_repro.records.golden import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_array", "is_torch", "named_tensors", "tensor_row", "tensor_rows"]

_CHUNK = 1 << 14
"""Elements that are summed at once: few enough that torch takes one thread, whatever their number."""


def named_tensors(weights: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every tensor, array and number with its name.

    Args:
        weights: Something with ``state_dict()``, a mapping or a sequence of such, a tensor, an array or a number.
        prefix: The name of what it lies in.

    Raises:
        BadWord: Something in it has no numbers.
    """
    if is_torch(weights) or is_array(weights) or isinstance(weights, (int, float)):
        yield prefix or "weights", weights
    elif callable(getattr(weights, "state_dict", None)):
        yield from named_tensors(weights.state_dict(), prefix)
    elif isinstance(weights, Mapping):
        for key, each in weights.items():
            yield from named_tensors(each, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(weights, (list, tuple)):
        for number, each in enumerate(weights):
            yield from named_tensors(each, f"{prefix}.{number}" if prefix else str(number))
    elif weights is not None:
        raise BadWord(
            f"`{prefix or 'model'}` is of type `{type(weights).__name__}`, which has no weights that can be read",
            remedy="give a module of torch, or a dict of tensors or arrays",
        )


def tensor_rows(weights: Any) -> tuple[Tensor, ...]:
    """Return a row for each tensor, sorted by name.

    Raises:
        BadWord: Something in it has no numbers.
    """
    return tuple(tensor_row(name, each) for name, each in sorted(named_tensors(weights)))


def tensor_row(name: str, value: Any) -> Tensor:
    """Return the row of one tensor, array or number; a tensor on a device is copied from there."""
    if isinstance(value, (int, float)):
        return _number(name, value)
    dtype = str(value.dtype).removeprefix("torch.")
    data, norm = _torch(value) if is_torch(value) else _array(name, value)
    return Tensor(
        name=name, sha256=hashlib.sha256(data).hexdigest(), shape=tuple(map(int, value.shape)), dtype=dtype, norm=norm
    )  # fmt: skip


def is_torch(value: Any) -> bool:
    """Tell whether it is a tensor of torch, without importing it."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_array(value: Any) -> bool:
    """Tell whether it is an array or scalar of NumPy, without importing it."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic))


def _number(name: str, value: float) -> Tensor:
    import struct

    exact = isinstance(value, int) and not isinstance(value, bool)
    data = str(value).encode() if exact else struct.pack("<d", value)
    dtype = "int" if exact else "bool" if isinstance(value, bool) else "float"
    return Tensor(name=name, sha256=hashlib.sha256(data).hexdigest(), shape=(), dtype=dtype, norm=abs(float(value)))  # fmt: skip


def _torch(value: Any) -> tuple[Any, float]:
    torch = sys.modules["torch"]
    plain = value.detach().to("cpu").to_dense() if value.layout != torch.strided else value.detach().cpu()
    plain = plain.contiguous()
    wide = torch.complex128 if plain.is_complex() else torch.float64
    chunks = plain.reshape(-1).split(_CHUNK)
    norm = math.sqrt(math.fsum(float(chunk.to(wide).abs().square().sum()) for chunk in chunks))
    # NumPy has no bfloat16: the bytes are the same under any type
    data = plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else b""
    return data, norm


def _array(name: str, value: Any) -> tuple[bytes, float]:
    numpy = sys.modules["numpy"]
    array = numpy.asarray(value)
    if array.dtype.kind not in "biufc":
        raise BadWord(
            f"`{name}` is an array of `{array.dtype}`, which holds no numbers",
            remedy="leave it out of what `final` is given",
        )
    little = numpy.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
    wide = numpy.complex128 if array.dtype.kind == "c" else numpy.float64
    flat = array.reshape(-1)
    chunks = (numpy.abs(flat[at : at + _CHUNK].astype(wide)) for at in range(0, flat.size, _CHUNK))
    return little.tobytes(), math.sqrt(math.fsum(float(numpy.square(chunk).sum()) for chunk in chunks))
