"""Before a catalog is asked: what waits is brought, the index follows the store, killed kernels get their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.errors import StorageFailed

from .adopting import adopt
from .opening import deliver

if TYPE_CHECKING:
    from .catalog import Catalog
    from .opening import Place

__all__ = ["refresh"]


def refresh(catalog: Catalog, place: Place, *, only_read: bool = False) -> tuple[str, ...]:
    """Bring a catalog up to date; return what the user should know, one sentence each.

    A store behind a network that cannot be reached is answered for by the index.

    Args:
        catalog: The open catalog of the place.
        place: Whose folder holds what waits, and the journals.
        only_read: It is not the store of this folder: nothing of the folder is brought there.

    Raises:
        StorageFailed: A store on this machine cannot be read.
    """
    try:
        if not only_read:
            deliver(catalog, place.folder)
        catalog.update()
        if not only_read and adopt(catalog, place):
            catalog.update()
    except StorageFailed as error:
        if not place.remote:
            raise
        return (f"what is shown may be old: {error.message}",)
    return catalog.damaged
