"""One seeder a library."""

from __future__ import annotations

from .numpy import NumpySeeder
from .python import PythonSeeder
from .torch import TorchSeeder

__all__ = ["NumpySeeder", "PythonSeeder", "TorchSeeder"]
