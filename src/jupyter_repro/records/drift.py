"""What differs between the environment of a record and that of this moment."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

__all__ = ["RANKS", "Difference", "Drift", "Rank", "Unknown"]

Rank = Literal["can change numbers", "may change results", "cannot change numbers"]
RANKS: tuple[Rank, ...] = ("can change numbers", "may change results", "cannot change numbers")
"""The worst first."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that is another now."""

    what: str
    """``numpy``, ``Python``, ``BLAS threads (numpy)``."""
    before: str
    """As the record has it; empty: it was not there."""
    now: str
    """As it is; empty: it is not there."""
    rank: Rank
    reason: str
    """Why it has this rank."""
    restore: str = ""
    """The one command that brings back what was; empty where ``instead`` says what to do."""
    instead: str = ""
    """Why no command can, and what can be done."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that could not be compared: it may differ."""

    what: str
    reason: str


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What differs, the worst first. ``to_json`` is a stable format, see docs/drift-json.md."""

    schema: int = 1
    notebook: str = ""
    record: str = ""
    """The run or session that is compared with; empty: there is none, and ``sentence`` says so."""
    made: float | None = None
    """When its environment was captured, in seconds since 1970, UTC."""
    covers: str = ""
    """What of the saved outputs it made, in words."""
    sentence: str = ""
    """The whole in one line."""
    differences: tuple[Difference, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    restore_packages: str = ""
    """One command for all packages that differ and can be had by one."""

    def of_rank(self, rank: Rank) -> tuple[Difference, ...]:
        """Return the differences of one rank."""
        return tuple(each for each in self.differences if each.rank == rank)

    def to_json(self) -> dict[str, Any]:
        """Return the drift as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
