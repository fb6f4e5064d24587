"""One file a library or variable, one record a switch."""

from __future__ import annotations

from .cublas import CUBLAS_WORKSPACE
from .cudnn import CUDNN_BENCHMARK, CUDNN_DETERMINISTIC
from .hash_seed import HASH_SEED
from .tf32 import TF32
from .torch import DETERMINISTIC_ALGORITHMS, FILL_UNINITIALIZED, INDUCTOR

__all__ = ["BUILT_IN"]

BUILT_IN = (
    HASH_SEED,
    CUBLAS_WORKSPACE,
    DETERMINISTIC_ALGORITHMS,
    FILL_UNINITIALIZED,
    INDUCTOR,
    CUDNN_DETERMINISTIC,
    CUDNN_BENCHMARK,
    TF32,
)
"""In the order in which they are set and given back."""
