"""How many threads add up: another number gives other bits, deterministic mode or not."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from jupyter_repro.determinism.switch import Switch

__all__ = ["BLAS_THREADS", "TORCH_THREADS"]

_AS_FOUND = "as found"
_NOTE = "another number of threads gives other bits; `%repro threads=N` writes the number into the notebook"


def _torch() -> Any:
    return sys.modules["torch"]


def _put_torch(value: str) -> None:
    if value != _AS_FOUND:
        _torch().set_num_threads(int(value))


TORCH_THREADS = Switch(
    name="torch.threads",
    why="products, convolutions and decompositions split their sums by threads",
    cost="none for the number that is there",
    wanted={"strict": _AS_FOUND},
    accepts=lambda wanted, _: wanted == _AS_FOUND,
    read=lambda: str(_torch().get_num_threads()),
    verified_by="read back from torch.get_num_threads()",
    put=_put_torch,
    capture=lambda: _torch().get_num_threads(),
    restore=lambda former: _torch().set_num_threads(former),
    module="torch",
    notes={_AS_FOUND: _NOTE},
    chosen_by="threads",
)


def _pools() -> Any:
    import threadpoolctl

    return threadpoolctl.ThreadpoolController().select(user_api="blas")


def _absent() -> str:
    if importlib.util.find_spec("threadpoolctl") is None:
        return "threadpoolctl is not installed, without which they cannot be counted: `pip install threadpoolctl`"
    return "" if _pools().info() else "no BLAS library is loaded"


def _counts() -> dict[str, int]:
    return {pool["filepath"]: pool["num_threads"] for pool in _pools().info()}


def _set(counts: dict[str, int]) -> None:
    for library in _pools().lib_controllers:
        if library.filepath in counts:
            library.set_num_threads(counts[library.filepath])


def _put_blas(value: str) -> None:
    _set(dict.fromkeys(_counts(), int(value)))


BLAS_THREADS = Switch(
    name="blas.threads",
    why="the products of NumPy and SciPy split their sums by threads",
    cost="fewer cores used",
    wanted={},
    read=lambda: ", ".join(str(count) for count in sorted(set(_counts().values()))),
    verified_by="read back from the BLAS libraries by threadpoolctl",
    put=_put_blas,
    capture=_counts,
    restore=_set,
    module="numpy",
    absent=_absent,
    chosen_by="threads",
)
