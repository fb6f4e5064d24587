"""What an author claims, and of which cell it is true."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["Claim", "claims_from_json"]


@dataclasses.dataclass(frozen=True)
class Claim:
    """One statement of a paper, tied to a cell; to all of its outputs where no part is named."""

    text: str
    """``Table 2, row 3``"""
    cell: str
    """The cell's id."""
    row: str = ""
    """Label of a table's row: what its first cells say."""
    column: str = ""
    """Header of a table's column."""
    after: str = ""
    """The first number after this label."""

    @property
    def part(self) -> str:
        """Say which part of the cell it is; empty for all of it."""
        told = ((word, getattr(self, word)) for word in ("row", "column"))
        parts = [f"{word} `{value}`" for word, value in told if value]
        return f"the number after `{self.after}`" if self.after else ", ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return what ``repro.json`` holds."""
        return dataclasses.asdict(self)


def claims_from_json(rows: list[Any]) -> tuple[Claim, ...]:
    """Return the claims that ``repro.json`` holds.

    Raises:
        ValueError: One is not understood.
    """
    names = [field.name for field in dataclasses.fields(Claim)]
    found = []
    for row in rows:
        values = {name: row[name] for name in names if name in row} if isinstance(row, dict) else {}
        if (
            not all(isinstance(value, str) for value in values.values())
            or not {"text", "cell"} <= values.keys()
        ):
            raise ValueError("it is no claim")
        found.append(Claim(**values))
    return tuple(found)
