"""matplotlib's figures and what is drawn in them: shown, and never an input that a digest tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.digester import NotLookedInside
from jupyter_repro.digest.raw_types import module_of, mro_of, qualname_of

if TYPE_CHECKING:
    from jupyter_repro.digest.digester import Digester

__all__ = ["feed"]


def feed(_digester: Digester, value: Any) -> bool:
    """Refuse a figure or a part of one; tell other values apart.

    Raises:
        NotLookedInside: It is one.
    """
    if any(
        module_of(kind) == "matplotlib.artist" and qualname_of(kind) == "Artist"
        for kind in mro_of(type(value))
    ):
        raise NotLookedInside("a figure: display only")
    return False
