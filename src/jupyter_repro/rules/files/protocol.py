"""What a rule that reads notebook files is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from jupyter_repro.records import Severity  # noqa: TC001 - msgspec resolves the field types at run time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .notebook import NotebookFile

__all__ = ["Edit", "FileRule", "Spotted"]


class Edit(msgspec.Struct, frozen=True):
    """A replacement in the source of one cell, which cannot change what it does but for the better."""

    line: int
    """From 1, in the source as it is written."""
    start: int
    """Column of the first character that goes, in characters."""
    end: int
    text: str


class Spotted(msgspec.Struct, frozen=True, kw_only=True):
    """One place at which a rule has found what it looks for."""

    cell: int
    """Place of the cell among all cells of the file, from 0."""
    line: int = 1
    """Line of its source, from 1."""
    message: str
    """Without the place."""
    remedy: str = ""
    """Where it is not the rule's own."""
    edits: tuple[Edit, ...] = ()
    """What mends it, where that is safe."""


class FileRule(Protocol):
    """One kind of finding in notebook files."""

    code: str
    severity: Severity
    remedy: str

    def check_file(self, notebook: NotebookFile) -> Iterator[Spotted]:
        """Yield each place."""
        ...
