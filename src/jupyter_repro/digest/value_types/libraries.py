"""Which library a value is of, by the modules of its class and of the classes that it inherits from."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import module_of, mro_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_KNOWN = {
    "fractions": "fractions",
    "matplotlib": "matplotlib",
    "numpy": "numpy",
    "pandas": "pandas",
    "PIL": "pillow",
    "polars": "polars",
    "pyarrow": "arrow",
    "scipy": "scipy",
    "sklearn": "sklearn",
    "torch": "torch",
}
"""The library's top package to the file here that knows its values, loaded when the first one comes."""


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of a library that the user has imported; tell whether it was one.

    Raises:
        NotLookedInside: It is, and cannot be looked inside.
    """
    asked = None
    for kind in mro_of(type(value))[:-1]:
        library = _feeder_of(module_of(kind).partition(".")[0])
        if library is not None and library is not asked:
            if library(digester, value):
                return True
            asked = library
    return False


@functools.cache
def _feeder_of(package: str) -> Callable[[Digester, Any], bool] | None:
    if package not in _KNOWN:
        return None
    feeder: Callable[[Digester, Any], bool] = importlib.import_module(f".{_KNOWN[package]}", __package__).feed
    return feeder
