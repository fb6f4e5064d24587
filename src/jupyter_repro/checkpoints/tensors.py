"""Tensors in safetensors files, each with a digest of its own."""

from __future__ import annotations

import ctypes
import hashlib
import json
import mmap
import os
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadCheckpoint, NotInstalled
from jupyter_repro.inputs.audit import unwatched
from jupyter_repro.records.checkpoints import HeldFile, HeldTensor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "check_tensors",
    "digest_in_memory",
    "is_tensor",
    "place_in_memory",
    "plain_tensor",
    "read_tensors",
    "safetensors_torch",
    "write_tensors",
]

_LENGTH = struct.Struct("<Q")
_MOST_HEADER = 100_000_000
"""As safetensors itself has it."""


def safetensors_torch() -> Any:
    """Return ``safetensors.torch``.

    Raises:
        NotInstalled: It is not there.
    """
    try:
        import safetensors.torch as library
    except ImportError:
        raise NotInstalled(
            "tensors are kept in safetensors files, and safetensors is not installed",
            remedy='run `pip install "jupyter_repro[checkpoints]"`',
        ) from None
    return library


def is_tensor(value: object) -> bool:
    """Whether a value is a tensor of torch, without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def place_in_memory(value: Any) -> tuple[Any, ...]:
    """Return what is equal for two tensors only if they are the same numbers at the same place."""
    if value.layout is not sys.modules["torch"].strided or not value.numel():
        return (id(value),)
    return (str(value.device), value.data_ptr(), value.dtype, tuple(value.shape), tuple(value.stride()))


def plain_tensor(value: Any, name: str) -> Any:
    """Return the tensor in the processor's memory, contiguous and sharing nothing with others.

    Raises:
        BadCheckpoint: It is of a kind that no such file can hold.
    """
    torch = sys.modules["torch"]
    problem = ""
    if value.layout is not torch.strided or value.is_quantized:
        problem = "is sparse or quantized"
    elif value.is_meta:
        problem = "has no numbers (it is on the `meta` device)"
    elif type(value) not in (torch.Tensor, torch.nn.Parameter, getattr(torch.nn, "Buffer", None)):
        problem = f"is a {type(value).__qualname__}"
    if problem:
        raise BadCheckpoint(
            f"the tensor `{name}` {problem}, which no safetensors file holds",
            remedy="save it as plain tensors: `to_dense()`, `dequantize()`, or the full state of a sharded model",
        )
    found = value.detach().resolve_conj().resolve_neg().cpu().contiguous()
    if found.untyped_storage().nbytes() != found.numel() * found.element_size():
        found = found.clone()  # a view of something larger
    return found


def write_tensors(path: Path, tensors: Mapping[str, Any]) -> tuple[HeldFile, dict[str, HeldTensor]]:
    """Write tensors to a new file; return what it is and what it holds."""
    library = safetensors_torch()
    with ThreadPoolExecutor(_hands()) as pool:
        digests = pool.map(digest_in_memory, tensors.values())
        library.save_file(dict(tensors), str(path), metadata={"format": "pt"})
        facts = {
            name: HeldTensor(
                dtype=str(each.dtype).removeprefix("torch."), shape=tuple(each.shape), sha256=digest
            )
            for (name, each), digest in zip(tensors.items(), digests, strict=True)
        }
    with unwatched(), path.open("rb") as file:
        size = _header_size(file.read(_LENGTH.size))
        file.seek(0)
        header = file.read(_LENGTH.size + size)
    return HeldFile(size=path.stat().st_size, sha256=_sha(header), tensors=True), facts


def check_tensors(path: Path, held: HeldFile, facts: Mapping[str, HeldTensor]) -> str:
    """Return what is wrong with a file of tensors, named where it can be; empty: nothing."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size != held.size:
            return f"`{path.name}` has {size} bytes in place of {held.size}"
        length = _header_size(file.read(_LENGTH.size))
        file.seek(0)
        raw = file.read(_LENGTH.size + length) if length <= min(size, _MOST_HEADER) else b""
        if _sha(raw) != held.sha256:
            return f"the list of tensors in `{path.name}` is not the one that was saved"
        header = json.loads(raw[_LENGTH.size :])
        header.pop("__metadata__", None)
        if header.keys() != facts.keys():
            return f"`{path.name}` does not hold the tensors that the manifest names"
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory, memoryview(memory) as view:
            start = len(raw)

            def wrong(name: str) -> bool:
                begin, end = header[name]["data_offsets"]
                with view[start + begin : start + end] as part:
                    return _sha(part) != facts[name].sha256

            names = sorted(header)
            with ThreadPoolExecutor(_hands()) as pool:
                bad = [name for name, differs in zip(names, pool.map(wrong, names), strict=True) if differs]
    if bad:
        more = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        return f"the tensor `{bad[0]}`{more} in `{path.name}` has other bytes than were saved"
    return ""


def read_tensors(path: Path) -> dict[str, Any]:
    """Return the tensors of a file, in the processor's memory."""
    found: dict[str, Any] = safetensors_torch().load_file(str(path))
    return found


def digest_in_memory(tensor: Any) -> str:
    """Return the SHA-256 of a tensor of the processor, which is contiguous."""
    size = tensor.numel() * tensor.element_size()
    if not size:
        return _sha(b"")
    # not `.numpy()`, which knows no bfloat16
    return _sha((ctypes.c_char * size).from_address(tensor.data_ptr()))


def _sha(data: Any) -> str:
    return hashlib.sha256(data).hexdigest()


def _header_size(raw: bytes) -> int:
    return int(_LENGTH.unpack(raw)[0]) if len(raw) == _LENGTH.size else 0


def _hands() -> int:
    return min(4, os.cpu_count() or 1)
