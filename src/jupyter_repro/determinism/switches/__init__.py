"""One file a library or variable, one record a switch."""

from __future__ import annotations

from .attention import FLASH_ATTENTION, SDPA
from .cpu import INSTRUCTION_SET, ONEDNN
from .cublas import CUBLAS_WORKSPACE
from .cudnn import CUDNN_BENCHMARK, CUDNN_DETERMINISTIC
from .hash_seed import HASH_SEED
from .nccl import NCCL_ALGO, NCCL_PROTO
from .reduced import REDUCED_PRECISION
from .tensorflow import TENSORFLOW
from .tf32 import TF32
from .threads import BLAS_THREADS, TORCH_THREADS
from .torch import DETERMINISTIC_ALGORITHMS, FILL_UNINITIALIZED, INDUCTOR
from .xla import XLA

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
    REDUCED_PRECISION,
    SDPA,
    FLASH_ATTENTION,
    ONEDNN,
    NCCL_ALGO,
    NCCL_PROTO,
    TORCH_THREADS,
    BLAS_THREADS,
    INSTRUCTION_SET,
    TENSORFLOW,
    XLA,
)
"""In the order in which they are set and given back."""
