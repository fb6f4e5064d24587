"""The runs of one notebook, those under its former names among them.

Records are never changed, so a notebook that is renamed leaves its runs under a name that is gone: they are its own if most of the
cells that they ran are in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.store.cell_ids import cell_ids

from .index import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_repro.records.catalog import Run

    from .catalog import Catalog

__all__ = ["former_names", "runs_of"]

_SHARE = 0.5
"""Of the cells of a run, above which it is one of this notebook."""
_LOOKED_AT = 3
"""Runs under a name: the latest may be a note before the first cell."""


def runs_of(catalog: Catalog, notebook: Path, *, limit: int | None) -> tuple[Run, ...]:
    """Return the runs of a notebook under all the names that it has had, the newest first."""
    wanted = Wanted(notebook=notebook.name, told=former_names(catalog, notebook), limit=limit)
    return catalog.find(wanted)


def former_names(catalog: Catalog, notebook: Path) -> tuple[str, ...]:
    """Return the names in records of notebooks that are gone and ran this one's cells."""
    here = {*cell_ids(notebook)}
    if not here:
        return ()
    gone = (told for told in catalog.notebooks() if told and not _is_there(told, notebook))
    return tuple(told for told in gone if _ran(catalog, told, here))


def _is_there(told: str, notebook: Path) -> bool:
    """Whether a notebook is where a record says: the path begins at the top of the repository, or is a name."""
    return any((folder / told).exists() for folder in notebook.parents)


def _ran(catalog: Catalog, told: str, here: set[str]) -> bool:
    for run in catalog.find(Wanted(told=(told,), limit=_LOOKED_AT)):
        cells = {cell.id for cell in run.cells}
        if cells and len(cells & here) / len(cells) > _SHARE:
            return True
    return False
