"""One seeder a library."""

from __future__ import annotations

from .on_demand import OnDemand
from .python import PythonSeeder

__all__ = ["COMMON", "RARE", "OnDemand", "PythonSeeder"]

COMMON: tuple[OnDemand, ...] = (
    OnDemand("numpy", "numpy.random", "NumpySeeder"),
    OnDemand("torch", "torch", "TorchSeeder"),
)
"""Libraries that many notebooks import; the seeder of each is loaded with it."""

RARE: tuple[OnDemand, ...] = (
    OnDemand("cupy", "cupy", "CupySeeder"),
    OnDemand("jax", "jax", "JaxSeeder"),
    OnDemand("numba", "numba", "NumbaSeeder"),
    OnDemand("scipy", "scipy.stats", "ScipySeeder", ("scipy.optimize",)),
    OnDemand("sklearn", "sklearn", "SklearnSeeder"),
    OnDemand("tensorflow", "tensorflow", "TensorflowSeeder"),
)
"""Libraries that few notebooks import."""
