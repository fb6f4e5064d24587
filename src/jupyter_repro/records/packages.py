"""What is installed, where it came from, and what became of it."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["CondaPackage", "Imported", "Package", "PackageChange", "Source"]

Imported = Literal["", "cells", "libraries", "kernel"]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a distribution came from that no index gave, as PEP 610 records it."""

    url: str
    """Without credentials, a home folder written ``~``; empty where it is no address that others can use."""
    commit: str = ""
    """Of a version control system: what was installed; of a folder: what is checked out now."""
    requested: str = ""
    """The branch or tag that was asked for."""
    dirty: bool | None = None
    """Whether the folder differs from its commit; None: it is no folder, or that is not known."""
    note: str = ""
    """Why something is not known."""


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One installed distribution."""

    name: str
    """Normalised as PEP 503 says."""
    version: str
    """With its local label, such as ``+cpu``, which no public index tells apart."""
    origin: str = "index"
    """``index``, ``editable``, ``directory``, ``archive``, ``vcs``."""
    imported: Imported = ""
    """``cells``: a cell names it in an import; ``libraries``: what cells import needed it; ``kernel``: it was
    there before the first cell, or is ours; empty: it was not imported."""
    source: Source | None = None
    """None for what an index gave: installers do not record which."""
    index: str = ""
    """Of a local version whose label says so: the index that publishes it."""
    edited: tuple[str, ...] = ()
    """Installed files that are no longer those of its RECORD, where that was looked at."""


class CondaPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package that conda has put into the environment of this Python."""

    name: str
    version: str
    build: str
    channel: str
    """Without credentials."""


class PackageChange(msgspec.Struct, frozen=True, kw_only=True):
    """A distribution that came, went or changed while the kernel lived."""

    name: str
    before: str | None
    """The version; None: it was not there."""
    after: str | None
    order: int
    """The cell run after which it was seen first: what ran before had another environment."""
    cell: str | None = None
    """The cell's id, where the front end tells it."""
    imported: bool = False
    """It had been imported before: the kernel goes on with the code of ``before``."""
