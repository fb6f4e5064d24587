"""Which cells of a notebook file show outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.digest import source_digest
from jupyter_repro.errors import BadNotebook

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Shown", "shown_cells"]


class Shown(msgspec.Struct, frozen=True):
    """A cell with saved outputs."""

    id: str
    """Empty where the file has none."""
    digest: str
    """Of its source."""


def shown_cells(notebook: Path) -> tuple[Shown, ...]:
    """Return the code cells of a notebook file that have outputs, in their order.

    Raises:
        BadNotebook: The file cannot be read, or is no notebook.
    """
    try:
        node = json.loads(notebook.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise BadNotebook(f"cannot read `{notebook}`: {error.strerror}", remedy="check the path") from error
    except (ValueError, RecursionError) as error:
        raise BadNotebook(f"`{notebook}` is not a notebook", remedy="restore or re-save the file") from error
    cells = node.get("cells") if isinstance(node, dict) else None
    if not isinstance(cells, list):
        raise BadNotebook(
            f"`{notebook}` is not a notebook: it has no list of cells", remedy="give a .ipynb file"
        )
    return tuple(_shown(cell) for cell in cells if isinstance(cell, dict) and _has_outputs(cell))


def _has_outputs(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code" and bool(cell.get("outputs"))


def _shown(cell: dict[str, Any]) -> Shown:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    told = cell.get("id")
    return Shown(told if isinstance(told, str) else "", source_digest(text))
