"""The variables with which a kernel must be started, since no setting can do their work later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .initial_environment import initial_variable
from .switches.hash_seed import hash_seed_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Start", "not_in_force", "start_variables"]

_ALWAYS = {
    "CUBLAS_WORKSPACE_CONFIG": (":4096:8", ":16:8"),
    "FLASH_ATTENTION_DETERMINISTIC": ("1",),
    "NCCL_ALGO": ("Ring", "Tree"),
    "NCCL_PROTO": ("Simple", "LL", "LL128"),
}
"""Variable -> what we set, and what of the user's is as good."""
_THREADS = ("MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_XLA = "--xla_gpu_deterministic_ops=true"
_HASH_SEED = "PYTHONHASHSEED"


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chooses for a kernel's start."""

    hash_seed: int = 0
    threads: int | None = None
    """Of OpenMP, MKL, OpenBLAS and numexpr; None leaves them."""
    cbwr: str | None = None
    """MKL's numerical mode, ``COMPATIBLE`` or ``AVX2``; None leaves it."""


def start_variables(choice: Start, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to start a kernel with, beside those that are there; good values are kept.

    Args:
        choice: What the user chooses.
        present: The environment that the kernel would have.
    """
    found = {_HASH_SEED: str(choice.hash_seed)}
    for name, good in _ALWAYS.items():
        found[name] = present[name] if present.get(name) in good else good[0]
    flags = present.get("XLA_FLAGS", "").split()
    found["XLA_FLAGS"] = " ".join(flags if _XLA in flags else [*flags, _XLA])
    if choice.threads is not None:
        found.update(dict.fromkeys(_THREADS, str(choice.threads)))
    if choice.cbwr is not None:
        found["MKL_CBWR"] = choice.cbwr
    return found


def not_in_force(wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables that this process was not started with; those that cannot be told are among them."""
    return tuple(
        name
        for name, value in wanted.items()
        if (str(hash_seed_in_force()) if name == _HASH_SEED else initial_variable(name)) != value
    )
