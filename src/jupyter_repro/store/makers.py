"""Who made the saved outputs of a notebook: sessions by their journals, and runs on record."""

from __future__ import annotations

from collections import Counter
from functools import partial
from heapq import merge
from itertools import chain, islice
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.errors import ReproError, StorageFailed

from .baseline import Baseline, NoBaseline, of_run, of_session
from .catalog.index import Wanted
from .catalog.opening import place_near
from .catalog.refreshing import refresh
from .journal import journal_path
from .place import record_folders
from .prune import journals
from .reading import read_journal
from .saved_outputs import Shown, shown_cells
from .sidecar import read_sidecar, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["baseline_of"]

_MOST = 20
"""Older sessions and runs are not looked at."""
_NO_ID = "source-"
"""Before names of cells that the front end gave none."""


class _Maker(msgspec.Struct):
    """One kernel life, or the run of an export."""

    name: str
    at: float
    """When it did something last, in seconds since 1970."""
    ran: set[tuple[str, str]]
    """Cell and digest of the source; the cell is empty where the front end told none."""
    baseline: Callable[[], Baseline | None]
    """Returns what it stood on; None where that was not captured."""


def baseline_of(
    notebook: Path, *, but: str = "", otherwise: str = "", network: bool = True
) -> Baseline | NoBaseline:
    """Return the environment of the session that made most of the saved outputs.

    A cell's outputs are those of the newest session that ran its present source before the file was saved. Sessions
    are known by their journals beside the notebook; what no journal tells any more, or what others have run, is
    known by the run catalog.

    Args:
        notebook: The file.
        but: The kernel that asks, which is left out.
        otherwise: The store of runs where the project names none.
        network: Also ask a store behind a network.

    Raises:
        BadNotebook: The file cannot be read, or is no notebook.
    """
    shown = shown_cells(notebook)
    if not shown:
        return NoBaseline("the notebook has no saved outputs")
    saved_s = notebook.stat().st_mtime
    faults: list[str] = []
    makers: dict[int, str] = {}
    found: dict[str, Baseline] = {}
    sessions = islice(_sessions(notebook, saved_s, but), _MOST)
    runs = _runs(notebook, saved_s, faults, otherwise=otherwise, network=network)
    # the catalog is opened beside the cells only where the journals do not tell enough
    found_by = merge(sessions, runs, key=lambda maker: -maker.at) if network else chain(sessions, runs)
    for maker in found_by:
        new = [place for place, cell in enumerate(shown) if place not in makers and _made(cell, maker.ran)]
        baseline = _asked(maker, faults) if new else None
        if baseline is not None:
            found[maker.name] = baseline
        makers.update(dict.fromkeys(new, maker.name))
        if len(makers) == len(shown):
            break
    counts = Counter(name for name in makers.values() if name in found)
    if counts:
        name, made = counts.most_common(1)[0]
        of = f"{made} of {len(shown)} saved outputs" if made < len(shown) else "all saved outputs"
        return msgspec.structs.replace(found[name], covers=of)
    reason = (
        "the session that made the saved outputs ended before its environment was captured"
        if makers
        else "no recorded session made the saved outputs"
    )
    return NoBaseline("; ".join([reason, *faults]))


def _sessions(notebook: Path, saved_s: float, but: str) -> Iterator[_Maker]:
    """Yield the sessions of a notebook, the one whose journal was written last first."""
    for path in [path for place in record_folders(notebook.parent) for path in journals(place)]:
        try:
            content, at = read_journal(path), path.stat().st_mtime
        except (StorageFailed, OSError):
            continue  # it is of a newer version, or gone since
        header = content.header
        if header is None or header.kernel == but or header.facts.get("notebook") != notebook.name:
            continue
        ran = {(run.cell or "", run.digest) for run in content.runs if run.started <= saved_s}
        yield _Maker(header.kernel, at, ran, _reader(path, header.kernel))


def _reader(journal: Path, kernel: str) -> Callable[[], Baseline | None]:
    def read() -> Baseline | None:
        try:
            return of_session(read_sidecar(sidecar_path(journal.parent, kernel)))
        except StorageFailed:
            return None

    return read


def _runs(
    notebook: Path, saved_s: float, faults: list[str], *, otherwise: str, network: bool
) -> Iterator[_Maker]:
    """Yield runs on record of which no journal tells; those of exports last, whose outputs are not the saved ones."""
    try:
        place = place_near(notebook.parent, otherwise=otherwise)
        if not place.there or (place.remote and not network):
            return
        with place.open() as catalog:
            refresh(catalog, place)
            runs = catalog.find(Wanted(notebook=notebook.name, limit=_MOST))
            for run in sorted(runs, key=lambda run: run.kind == "export"):
                if (run.started or 0.0) > saved_s or _has_journal(notebook, run.kernel):
                    continue
                ran = {("" if cell.id.startswith(_NO_ID) else cell.id, cell.source) for cell in run.cells}
                at = 0.0 if run.kind == "export" else run.made
                yield _Maker(run.id, at, ran, partial(of_run, catalog, run))
    except ReproError as error:
        faults.append(f"the run catalog could not be asked: {error.message}")


def _asked(maker: _Maker, faults: list[str]) -> Baseline | None:
    try:
        return maker.baseline()
    except ReproError as error:
        faults.append(error.message)
        return None


def _has_journal(notebook: Path, kernel: str) -> bool:
    """Whether a session is known by its journal, which tells more: the one that asks among them."""
    return bool(kernel) and any(
        journal_path(each, kernel).exists() for each in record_folders(notebook.parent)
    )


def _made(cell: Shown, ran: set[tuple[str, str]]) -> bool:
    if (cell.id, cell.digest) in ran or ("", cell.digest) in ran:
        return True
    return not cell.id and any(digest == cell.digest for _, digest in ran)
