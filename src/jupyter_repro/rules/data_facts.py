"""What rules may know of the data of a project."""

from __future__ import annotations

import msgspec

from jupyter_repro.records.trackers import DataRevision  # noqa: TC001 - msgspec resolves the field types at run time

__all__ = ["DataFacts"]


class DataFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Where the data lie, and what is written down of them."""

    folder: str = ""
    """The notebook's folder."""
    top: str = ""
    """The project's: its git work tree, else the notebook's folder."""
    tracked: dict[str, tuple[str, int]] = {}
    """Absolute path -> SHA-256 and size, as tracked; not to be changed."""
    dvc: tuple[DataRevision, ...] = ()
    """What DVC's pointers and cache say of the files that cells read, compared with the bytes."""
    unseen: tuple[str, ...] = ()
    """Imported modules that may read files unseen."""
