"""The ids of a notebook's cells, by which it is known under another name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["cell_ids"]


def cell_ids(notebook: Path) -> tuple[str, ...]:
    """Return the ids of a notebook's cells; none where it cannot be read."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return tuple(cell["id"] for cell in cells if isinstance(cell.get("id"), str))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()
