"""Environment variables: values of those that bear on results, names of all others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALLOWED", "other_names", "variables"]

ALLOWED = (
    "ATEN_CPU_CAPABILITY",
    "BLIS_NUM_THREADS",
    "CUBLASLT_WORKSPACE_SIZE",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_DEVICE_ORDER",
    "CUDA_LAUNCH_BLOCKING",
    "CUDA_VISIBLE_DEVICES",
    "JAX_DEFAULT_PRNG_IMPL",
    "JAX_ENABLE_X64",
    "JAX_PLATFORMS",
    "KMP_DETERMINISTIC_REDUCTION",
    "LANG",
    "LC_ALL",
    "LC_COLLATE",
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "LOCAL_RANK",
    "MKL_CBWR",
    "MKL_DYNAMIC",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_NUM_THREADS",
    "MPLBACKEND",
    "NCCL_ALGO",
    "NCCL_PROTO",
    "NPY_DISABLE_CPU_FEATURES",
    "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_DYNAMIC",
    "OMP_NUM_THREADS",
    "OMP_SCHEDULE",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "PYTHONUTF8",
    "PYTORCH_ENABLE_MPS_FALLBACK",
    "RANK",
    "SOURCE_DATE_EPOCH",
    "TF_CUDNN_DETERMINISTIC",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
    "TZ",
    "VECLIB_MAXIMUM_THREADS",
    "WORLD_SIZE",
    "XLA_FLAGS",
)

_OF_SHELLS = frozenset(("_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL"))
"""They say where and how a command was typed, not what it stands on."""


def variables(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the allow-listed variables that are set, by name."""
    found = {name: environ.get(name) for name in ALLOWED}
    return {name: _written(value) for name, value in found.items() if value is not None}


def other_names(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the names of all other variables that are set, sorted; what they hold is never recorded."""
    return tuple(sorted(_written(name) for name in environ if name not in ALLOWED and name not in _OF_SHELLS))


def _written(text: str) -> str:
    """Return the text as JSON can hold it: bytes that are no UTF-8 are spelled."""
    return text.encode("utf-8", "backslashreplace").decode()
