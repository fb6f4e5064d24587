"""Stores: where records lie, as bytes under names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from jupyter_repro.errors import BadSettings

from .folder import FolderStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Store", "open_store"]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)(?:::|://)", re.IGNORECASE)
_USERINFO = re.compile(r"://[^/@]*:[^/@]*@")


class Store(Protocol):
    """Bytes under names such as ``runs/0199...json``; what is written once is never changed."""

    where: str
    """As told to people: without credentials."""
    local: bool
    """A folder of this machine, which answers at once."""

    def names(self, folder: str) -> Iterable[str]:
        """Return the names directly in a folder, without it; none if there is no such folder."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return what lies under a name; None: nothing."""
        ...

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield what lies under each name."""
        ...

    def put(self, name: str, data: bytes) -> bool:
        """Write it whole or not at all; False where something lies there already, which stays."""
        ...

    def remove(self, name: str) -> None:
        """Remove what lies under a name; nothing if there is nothing."""
        ...

    def changed(self, name: str) -> float | None:
        """Return when it was written, in seconds since 1970; None where that is not told."""
        ...

    def size(self, name: str) -> int:
        """Return the number of bytes; 0 where nothing lies there."""
        ...


def open_store(told: str, *, beside: Path) -> Store:
    """Return the store at a folder or at an address that fsspec understands.

    Args:
        told: ``runs``, ``/shared/runs``, ``s3://bucket/runs``; credentials are not part of it.
        beside: What a relative folder is relative to.

    Raises:
        BadSettings: It holds a password, or what reads such an address is not installed.
    """
    if _USERINFO.search(told):
        raise BadSettings(
            "the address of the store holds a password",
            remedy="leave it out: fsspec finds credentials in the environment or in the files of the service",
        )
    scheme = _SCHEME.match(told)
    if scheme is None:
        return FolderStore(beside / told)
    if scheme[1].lower() == "file" and "::" not in told:
        return FolderStore(beside / told.partition("://")[2])
    if scheme[1].lower() == "memory":
        raise BadSettings(
            "a store in memory is forgotten with the process", remedy="name a folder, or a service"
        )
    from .remote import RemoteStore

    return RemoteStore(told)
