"""How many threads add up in this process."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pinned", "thread_variables"]

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def thread_variables(threads: int) -> dict[str, str]:
    """Return the variables that libraries read when they are loaded."""
    return dict.fromkeys(_THREADS, str(threads))


@contextlib.contextmanager
def pinned(threads: int) -> Iterator[None]:
    """Hold libraries that are loaded, and those that the block loads, to so many threads; then give all back."""
    former = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(thread_variables(threads))
    torch, pools = sys.modules.get("torch"), _pools(threads)
    before = torch.get_num_threads() if torch is not None else None
    if torch is not None and before != threads:
        torch.set_num_threads(threads)
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if torch is not None and before != threads:
            torch.set_num_threads(before)
        if pools is not None:
            pools.restore_original_limits()


def _pools(threads: int) -> Any:
    """Hold the BLAS and OpenMP pools that are there; None: none is, or nobody can tell."""
    if "numpy" not in sys.modules:
        return None
    try:
        import threadpoolctl
    except ImportError:
        return None
    controller = threadpoolctl.ThreadpoolController()
    if all(pool["num_threads"] == threads for pool in controller.info()):
        return None
    return controller.limit(limits=threads)
