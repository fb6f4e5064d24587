"""One weight moved by one unit in the last place: the smallest change that there is."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import GoldenRefused

from .weights import is_array, is_torch, named_tensors

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["perturb"]

_TRIES = 256


def perturb(weights: Any, *, seed: str) -> tuple[str, int]:
    """Move one weight by one unit in the last place, away from zero and in place; return its tensor and position.

    Which one follows from ``seed`` alone: no generator of the user's is drawn from. Zeros, infinities and NaN are passed
    over.

    Args:
        weights: A module of torch, or a dict of tensors or arrays.
        seed: A text, such as name and number of the run.

    Raises:
        GoldenRefused: No weight of a floating type is there.
    """
    tensors = [(name, each) for name, each in sorted(_trained(weights)) if _is_floating(each)]
    total = sum(_size(each) for _, each in tensors)
    for place in _places(seed, total):
        rest = place
        for name, each in tensors:
            if rest < _size(each):
                if _move(each, rest):
                    return name, rest
                break
            rest -= _size(each)
    raise GoldenRefused(
        "there is no weight that could be moved by one unit in the last place",
        remedy="give `g.start(model)` the model before its first step",
    )


def _places(seed: str, total: int) -> Iterator[int]:
    for attempt in range(_TRIES if total else 0):
        yield int.from_bytes(hashlib.sha256(f"{seed}/{attempt}".encode()).digest()[:8], "big") % total


def _trained(weights: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of a module that are trained, or all tensors of something else."""
    parameters = getattr(weights, "named_parameters", None)
    if parameters is None:
        yield from named_tensors(weights)
        return
    every = list(parameters())
    trained = [(name, each) for name, each in every if each.requires_grad]
    yield from trained or every


def _is_floating(each: Any) -> bool:
    if is_torch(each):
        return bool(each.is_floating_point()) and each.element_size() > 1
    return is_array(each) and each.dtype.kind == "f" and each.shape != () and each.dtype.itemsize in _BITS


def _size(each: Any) -> int:
    return int(each.numel() if is_torch(each) else each.size)


_BITS = {2: "int16", 4: "int32", 8: "int64"}


def _move(each: Any, position: int) -> bool:
    """Move one element; tell whether it could be."""
    index = _unravelled(position, tuple(each.shape))
    if is_torch(each):
        import torch

        element = each.detach()[index]
        value = float(element)
        bits: Any = element.view(getattr(torch, _BITS[each.element_size()]))
    else:
        one = (*index[:-1], slice(index[-1], index[-1] + 1))
        element = each[one]
        value = float(element[0])
        bits = element.view(_BITS[each.dtype.itemsize])
    if value == 0.0 or not math.isfinite(value):
        return False
    bits += 1  # the bits of floating numbers are in the order of their size
    return True


def _unravelled(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    index = []
    for size in reversed(shape):
        position, at = divmod(position, size)
        index.append(at)
    return tuple(reversed(index))
