"""The two runs of a verification as the search for causes sees them: cells with what each stood on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from ..compare.notebook import code_cells
from ..probing import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..compare.notebook import CellComparison

__all__ = ["Differences", "Run", "RunCell", "Runs", "has_record", "machine_of", "runs_of"]

_OURS = "jupyter_repro"


@dataclasses.dataclass(frozen=True)
class Run:
    """What one run of one cell told; empty where it told nothing."""

    known: bool = False
    entered: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Digests of generators that moved between the cell above and this one."""
    streams: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Digests of the generators that it changed, as it left them."""
    read: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    wrote: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    error: tuple[str, str] | None = None
    """Name and value of the exception that it showed."""


@dataclasses.dataclass(frozen=True, eq=False)
class RunCell:
    """One code cell in both runs."""

    position: int
    """Counts the cells from 0."""
    id: str
    label: str
    verdict: str
    was: Run
    now: Run
    above: tuple[tuple[str, str, bool], ...] | None = None
    """A name, the id of the cell above that made or changed it, whether it surely did; None: not known."""
    unrepeatable: tuple[str, ...] = ()
    ops: tuple[str, ...] = ()
    close: bool = False
    """All its numbers are near the author's."""

    @property
    def diverged(self) -> bool:
        """Whether its outputs are others."""
        return self.verdict in ("differs", "error")


@dataclasses.dataclass(frozen=True)
class Differences:
    """How the two environments differ."""

    versions: tuple[str, ...] = ()
    """Sentences, each beginning with a package's name."""
    bytes: tuple[str, ...] = ()
    """Names of packages."""
    notes: tuple[str, ...] = ()
    modules: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """What those packages are imported as."""
    machine: Mapping[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    """What the machines differ in: the author's, here."""


@dataclasses.dataclass(frozen=True, eq=False)
class Runs:
    """All cells in document order, and how the environments differ."""

    cells: tuple[RunCell, ...]
    environment: Differences = Differences()
    seeded: bool = False
    """The kernel was given a seed before the first cell."""

    def before(self, cell: RunCell) -> tuple[RunCell, ...]:
        """Return the cells above one."""
        return self.cells[: cell.position]


def runs_of(
    compared: Sequence[CellComparison],
    reference: dict[str, Any],
    fresh: dict[str, Any],
    *,
    close: frozenset[str] = frozenset(),
) -> tuple[RunCell, ...]:
    """Join what two notebooks hold of each cell.

    Args:
        compared: The verdicts.
        reference: The author's notebook.
        fresh: That of the run here.
        close: Cells whose numbers are near the author's.
    """
    before, after = code_cells(reference), code_cells(fresh)
    told = has_record(reference), has_record(fresh)
    found = []
    for position, each in enumerate(compared):
        was, now = before.get(each.id, {}), after.get(each.id, {})
        stands = _dict(_ours(was).get("stands"))
        above = stands.get("on")
        found.append(
            RunCell(
                position=position,
                id=each.id,
                label=each.label,
                verdict=each.verdict,
                was=_run(was, known=told[0]),
                now=_run(now, known=told[1]),
                above=None if above is None else tuple(_three(one) for one in _list(above)),
                unrepeatable=_texts(stands.get("unrepeatable")),
                ops=_texts(stands.get("ops")),
                close=each.id in close,
            )
        )
    return tuple(found)


def has_record(notebook: Mapping[str, Any]) -> bool:
    """Tell whether a run's notebook holds records that this program understands."""
    return _dict(_ours(notebook).get("record")).get("schema") == SCHEMA


def machine_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return what a run's notebook tells of the machine."""
    return _strings(_dict(_ours(notebook).get("record")).get("machine"))


def _run(cell: Mapping[str, Any], *, known: bool) -> Run:
    record = _ours(cell).get("record")
    errors = (o for o in _list(cell.get("outputs")) if _dict(o).get("output_type") == "error")
    error = next(((str(o.get("ename")), str(o.get("evalue"))) for o in errors), None)
    told = _dict(record)
    return Run(
        known=known and _ours(cell).get("ended") in ("ok", "error"),
        entered=_strings(told.get("entered")),
        streams=_strings(told.get("streams")),
        read={
            name: each if isinstance(each, str) else None for name, each in _dict(told.get("read")).items()
        },
        wrote=_texts(told.get("wrote")),
        modules=_texts(told.get("modules")),
        effects=_texts(told.get("effects")),
        error=error,
    )


def _ours(cell: Mapping[str, Any]) -> dict[str, Any]:
    return _dict(_dict(cell.get("metadata")).get(_OURS))


def _three(value: Any) -> tuple[str, str, bool]:
    name, cell, sure = (*_list(value), "", "", False)[:3]
    return str(name), str(cell), bool(sure)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _strings(value: Any) -> dict[str, str]:
    return {name: each for name, each in _dict(value).items() if isinstance(each, str)}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in _list(value) if isinstance(each, str))
