"""The document: cells in the order that Restart & Run All would take."""

from __future__ import annotations

from typing import Literal, NewType

import msgspec

__all__ = ["Cell", "CellId", "Document", "Origin"]

CellId = NewType("CellId", str)

Origin = Literal["file", "given", "panel", "first run order"]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One code cell of the document as it is now."""

    id: CellId
    source: str
    digest: str
    """SHA-256 of the source, see :func:`jupyter_repro.digest.source_digest`."""
    label: str
    """How messages name it: ``cell 3`` counts code cells from 1."""
    tags: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The code cells in document order, and how that order is known."""

    cells: tuple[Cell, ...]
    origin: Origin
    path: str | None = None
    note: str = ""
    """Why the order is less than certain, empty when it is not."""
