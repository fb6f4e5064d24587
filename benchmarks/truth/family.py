"""What one family of cells is made of."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Family:
    """Patterns of statements that belong together.

    ``{kind}`` in a pattern is a name that holds such a value, ``{new}`` the name that the pattern makes,
    ``{small}`` a number from 0 to 4, ``{any}`` any name; ``{{`` is a brace. A pattern is used in notebooks that
    have every kind in it.
    """

    name: str
    kinds: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Kind of value -> the names that hold it."""
    first: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Kind of value -> the statement by which a notebook of this family first makes one."""
    makes: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Kind of value -> statements that bind ``{new}`` to one; also of kinds of other families."""
    changes: tuple[str, ...] = ()
    """Statements that change something in place, or outside."""
    shows: tuple[str, ...] = ()
    """Last expressions of a cell."""
    whole: tuple[str, ...] = ()
    """Whole cells: cell magics and the like."""
    wraps: tuple[str, ...] = ()
    """First lines put above a cell of any family."""
    imports: str = ""
    """What the first cell of the notebook imports."""
