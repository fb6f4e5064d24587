"""What differs between two runs, and what of it could explain other results."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec

from jupyter_repro.canonical import dumps

from .drift import Rank, Unknown  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["Area", "Explanation", "RunDiff", "ShownDiff"]

Area = Literal["cells", "inputs", "seed", "state", "settings", "environment", "code", "configuration"]


class ShownDiff(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that shows something else."""

    cell: str
    """Its label in the later run, else in the earlier."""
    what: Literal["differs", "only in the first", "only in the second", "ended otherwise"]
    detail: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is another in the second run."""

    area: Area
    what: str
    before: str
    now: str
    rank: Rank
    reason: str
    restore: str = ""


class RunDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Two runs beside each other. ``to_json`` is a stable format, see docs/runs-json.md."""

    schema: int = 1
    first: str
    second: str
    sentence: str
    outputs: tuple[ShownDiff, ...] = ()
    """Cells whose results differ, in document order."""
    same: int = 0
    """How many cells show the same."""
    explanations: tuple[Explanation, ...] = ()
    """What differs, what could explain it best first."""
    unknown: tuple[Unknown, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain dicts, lists and atoms."""
        plain: dict[str, Any] = json.loads(dumps(self))
        return plain
