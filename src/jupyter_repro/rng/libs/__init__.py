"""One seeder a library."""

from __future__ import annotations

from .numpy import NumpySeeder
from .on_demand import OnDemand
from .python import PythonSeeder
from .torch import TorchSeeder

__all__ = ["ON_DEMAND", "NumpySeeder", "OnDemand", "PythonSeeder", "TorchSeeder"]

ON_DEMAND: tuple[OnDemand, ...] = (
    OnDemand("cupy", "cupy", "CupySeeder"),
    OnDemand("jax", "jax", "JaxSeeder"),
    OnDemand("numba", "numba", "NumbaSeeder"),
    OnDemand("scipy", "scipy.stats", "ScipySeeder", ("scipy.optimize",)),
    OnDemand("sklearn", "sklearn", "SklearnSeeder"),
    OnDemand("tensorflow", "tensorflow", "TensorflowSeeder"),
)
"""Libraries that few notebooks import; their seeders are loaded with them."""
