"""BLAS and OpenMP libraries that are loaded, with their threads."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import PurePath
from typing import Any

from jupyter_repro.records import Missing
from jupyter_repro.records.system import NumericLibrary

__all__ = ["numeric_libraries"]

_USERS = ("numpy", "scipy", "torch", "sklearn", "numexpr", "numba", "jax", "tensorflow", "faiss", "polars")


def numeric_libraries() -> tuple[NumericLibrary, ...] | Missing:
    """Return the libraries that are loaded at this moment; none is loaded for it."""
    if not any(name in sys.modules for name in _USERS):
        return Missing("no library that computes is imported")
    if importlib.util.find_spec("threadpoolctl") is None:
        return Missing("threadpoolctl, which tells them, is not installed: `pip install threadpoolctl`")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of two OpenMP libraries in one process
        import threadpoolctl

        found = threadpoolctl.threadpool_info()
    return tuple(sorted((_library(each) for each in found), key=lambda each: (each.kind, each.name)))


def _library(facts: dict[str, Any]) -> NumericLibrary:
    parts = PurePath(str(facts.get("filepath", ""))).parts
    at = next((i for i, part in enumerate(parts) if part in {"site-packages", "dist-packages"}), None)
    return NumericLibrary(
        kind=str(facts.get("user_api", "unknown")),
        name=str(facts.get("internal_api", "unknown")),
        version=str(facts.get("version") or ""),
        threads=int(facts.get("num_threads", 0)),
        architecture=str(facts.get("architecture") or ""),
        threading=str(facts.get("threading_layer") or ""),
        brought_by=parts[at + 1].removesuffix(".libs") if at is not None and at + 1 < len(parts) else "",
    )
