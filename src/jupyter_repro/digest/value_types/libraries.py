"""Which library a value is of, by the modules of its class and of the classes that it inherits from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.raw_types import module_of, mro_of

from . import arrow, matplotlib, numpy, pandas, pillow, polars, scipy, sklearn, torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]

_LIBRARIES: dict[str, Callable[[Digester, Any], bool]] = {
    "numpy": numpy.feed,
    "pandas": pandas.feed,
    "pyarrow": arrow.feed,
    "matplotlib": matplotlib.feed,
    "PIL": pillow.feed,
    "polars": polars.feed,
    "scipy": scipy.feed,
    "sklearn": sklearn.feed,
    "torch": torch.feed,
}


def feed(digester: Digester, value: Any) -> bool:
    """Feed a value of a library that the user has imported; tell whether it was one.

    Raises:
        NotLookedInside: It is, and cannot be looked inside.
    """
    asked = None
    for kind in mro_of(type(value))[:-1]:
        library = _LIBRARIES.get(module_of(kind).partition(".")[0])
        if library is not None and library is not asked:
            if library(digester, value):
                return True
            asked = library
    return False
