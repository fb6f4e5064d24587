"""What feeds a digest, a file a family of types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import (
    atoms,
    classes,
    code,
    containers,
    instances,
    iterators,
    libraries,
    moments,
    opaque,
    plugins,
    standard,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.digest.digester import Digester

__all__ = ["FEEDERS", "OTHERS"]

FEEDERS: dict[type, Callable[[Digester, Any], None]] = {
    **atoms.FEEDERS,
    **containers.FEEDERS,
    **moments.FEEDERS,
    **standard.FEEDERS,
    **code.FEEDERS,
    **classes.FEEDERS,
    **iterators.FEEDERS,
}
"""What feeds a value of exactly this type."""

OTHERS: tuple[Callable[[Digester, Any], bool], ...] = (
    classes.feed_class,
    libraries.feed,
    code.feed_compiled,
    plugins.feed,
    opaque.feed,
    moments.feed_zone,
    instances.feed,
    plugins.refuse,
)
"""What is asked in turn about a value of another type."""
