"""What to use instead of operations that have no deterministic algorithm."""

from __future__ import annotations

import re
import sys

__all__ = ["alternative_to", "condition_of"]

_INSTEAD = (
    ("put_", "`index_put_`, or `put_(..., accumulate=True)`"),
    ("max_unpool", "`F.interpolate(mode='nearest')`, or a transposed convolution"),
    ("upsample_nearest", "`F.interpolate(mode='nearest-exact')` on a CPU, or a transposed convolution"),
    ("upsample_", "`F.interpolate(mode='nearest')`, or a transposed convolution"),
    ("grid_sampler", "a resampling by `index_put_` or matrix product, or the backward on a CPU"),
    ("adaptive_avg_pool", "`avg_pool` with a fixed window, or `x.mean(dim)` for size 1"),
    ("adaptive_max_pool", "`max_pool` with a fixed window, or `x.amax(dim)` for size 1"),
    ("fractional_max_pool", "`max_pool` with a fixed window"),
    ("avg_pool3d", "two poolings, over the plane and over the depth"),
    ("max_pool3d", "`x.unfold(...)` and `amax`"),
    ("reflection_pad", "padding by slices, flipped and concatenated"),
    ("replication_pad", "padding by slices, expanded and concatenated"),
    ("nll_loss2d", "`F.nll_loss` of the flattened input: one row a pixel"),
    ("ctc_loss", "`F.ctc_loss` on a CPU"),
    ("embedding_bag", "`F.embedding` and `mean`, `sum` or `amax`"),
    ("EmbeddingBag", "`F.embedding` and `mean`, `sum` or `amax`"),
    ("cumsum", "`cumsum` of integers, or on a CPU"),
    ("histc", "`torch.bucketize` and comparison sums, or on a CPU"),
    ("bincount", "`torch.bincount` without weights, or on a CPU"),
    ("kthvalue", "`x.sort(dim)` and an index"),
    ("median", "`x.sort(dim)` and an index, or `median` without indices"),
    ("scatter", "`index_put_(..., accumulate=True)`"),
    ("resize_", "a new tensor of that size"),
    ("Memory Efficient attention", "`strict`, under which its backward is deterministic"),
    ("CuBLAS", "`%repro restart`, which sets CUBLAS_WORKSPACE_CONFIG before CUDA starts"),
)
"""Part of torch's name of the operation -> what does the same deterministically."""


def alternative_to(op: str) -> str:
    """Return what to use instead, empty if we know of nothing.

    Args:
        op: The operation as torch names it.
    """
    return next((instead for part, instead in _INSTEAD if part in op), "")


def condition_of(op: str) -> str:
    """Return when the installed torch refuses the operation, from its own documentation; empty if it is silent.

    Args:
        op: The operation as torch names it.
    """
    torch = sys.modules.get("torch")
    text = getattr(getattr(torch, "use_deterministic_algorithms", None), "__doc__", None) or ""
    _, _, raising = text.partition("operations will throw")
    raising = raising.partition("In addition")[0]
    family = op.partition("_cuda")[0].removesuffix("_out").removesuffix("_forward").removesuffix("_backward")
    wanted = _plain(family)
    entries = [(_plain(found[1].rpartition(".")[2]), found) for found in _ENTRY.finditer(raising)]
    exact = [found for name, found in entries if name == wanted]
    near = [found for name, found in entries if name.startswith(wanted) or wanted.startswith(name)]
    return "; ".join(_sentence(found) for found in exact or near[:1]) if wanted else ""


_ENTRY = re.compile(r"^\s+\* :\w+:`([^`]+)`((?:.|\n(?!\s*(?:\*|-|\n)))*)", re.MULTILINE)
"""One operation of torch's list, with what follows its name."""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _sentence(found: re.Match[str]) -> str:
    return " ".join(f"`{found[1]}`{found[2]}".replace("``", "`").split())
