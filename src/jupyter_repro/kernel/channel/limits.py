"""How large a message may be: what comes in is refused beyond it, what goes out is cut with a mark."""

from __future__ import annotations

from typing import Annotated

import msgspec

__all__ = [
    "MOST_BYTES",
    "MOST_CAUSES",
    "MOST_CELLS",
    "MOST_FINDINGS",
    "MOST_REASONS",
    "MOST_ROWS",
    "MOST_TEXT",
    "CellName",
    "Long",
    "Name",
    "Short",
    "Source",
    "capped",
]

MOST_CELLS = 5000
"""Cells of a document."""
MOST_BYTES = 32 * 1024 * 1024
"""Characters of all texts of one request."""
MOST_TEXT = 400
"""Characters of one text that is shown: a reason, a remedy, an output."""
MOST_REASONS = 4
"""Reasons of one cell."""
MOST_CAUSES = 50
"""Cells behind the reasons of one cell, or that read one file."""
MOST_FINDINGS = 200
MOST_ROWS = 2000
"""Rows of a table: packages, files, verified cells."""

Name = Annotated[str, msgspec.Meta(max_length=128)]
CellName = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Short = Annotated[str, msgspec.Meta(max_length=1000)]
Long = Annotated[str, msgspec.Meta(max_length=4096)]
Source = Annotated[str, msgspec.Meta(max_length=4 * 1024 * 1024)]


def capped(text: str, most: int = MOST_TEXT) -> str:
    """Return the text, cut to ``most`` characters with an ellipsis as the last."""
    return text if len(text) <= most else text[: most - 1] + "…"
