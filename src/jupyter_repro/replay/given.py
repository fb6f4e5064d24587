"""What the simulation is given beside the record of runs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_repro.records import Cell, Version

    from .names import Names

__all__ = ["Given"]


def _not_known(_full: str) -> None:
    return None


def _sets_nothing(_source: str) -> tuple[str, ...]:
    return ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Given:
    """A fresh kernel as it would begin, the world outside it, and how to read a source."""

    base: Mapping[str, Version]
    """Versions that a fresh kernel starts with: seeded RNGs, process settings."""
    outside: Mapping[str, Version]
    """The input files as they are on disk now, the user's modules as a fresh kernel would import them."""
    names_of: Callable[[Cell], Names]
    """Static reads and writes of a cell's present source."""
    imported: Callable[[str], str | None] = _not_known
    """Digest of what an import of this full name gives; None where the record cannot know."""
    may_set: Callable[[str], tuple[str, ...]] = _sets_nothing
    """Process settings that a source may set; ``env`` stands for any variable."""
