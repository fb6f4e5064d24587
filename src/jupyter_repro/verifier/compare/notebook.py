"""Two runs of one notebook, cell by cell."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal

from .cell import compare_outputs, of_other_kinds
from .outcome import SAME, Outcome, differs, volatile
from .policy import BadTag, policy_of
from .tolerance import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .volatile import Mask

__all__ = ["CellComparison", "code_cells", "compare_notebooks"]

Word = Literal["identical", "equivalent", "within tolerance", "volatile", "differs", "error", "not run"]


@dataclasses.dataclass(frozen=True)
class CellComparison:
    """One code cell: the verdict and its reason."""

    id: str
    label: str
    """``cell 3``: code cells that are not blank, counted from 1."""
    verdict: Word
    why: str = ""
    notes: tuple[str, ...] = ()
    """What is another and does not count."""
    largest: float | None = None
    """Largest relative difference of numbers."""


def compare_notebooks(
    reference: dict[str, Any],
    fresh: dict[str, Any],
    *,
    tolerance: Tolerance | None = None,
    masks: Sequence[Mask] = (),
) -> tuple[CellComparison, ...]:
    """Compare the outputs of every code cell that is not blank, in document order.

    Cells are joined by id, by position where they have none. The run writes how a cell ended into
    ``metadata.jupyter_repro.ended`` of the fresh notebook. Tags of the author's cells set how they are compared;
    ``masks`` are the volatile places learned from the author's runs.
    """
    by_cell: dict[str, dict[str, Mask]] = {}
    for mask in masks:
        by_cell.setdefault(mask.cell, {})[mask.part] = mask
    return tuple(_compared(reference, fresh, tolerance or Tolerance(), by_cell))


def _compared(
    reference: dict[str, Any],
    fresh: dict[str, Any],
    tolerance: Tolerance,
    masks: Mapping[str, Mapping[str, Mask]],
) -> Iterator[CellComparison]:
    before, after = list(_code(reference)), dict(_code(fresh))
    for number, (name, cell) in enumerate(before, start=1):
        label = f"cell {number}"
        again = after.pop(name, None)
        if again is None:
            yield CellComparison(name, label, "not run", "the run has no such cell")
        elif _source(cell) != _source(again):
            yield CellComparison(name, label, "differs", "its source is not the same")
        else:
            yield _cell(name, label, cell, again, tolerance=tolerance, masks=masks.get(name, {}))
    for name in after:
        yield CellComparison(name, "a new cell", "differs", "the author's notebook has no such cell")


def _cell(  # noqa: PLR0913 - two names, two sides, and how they are compared
    name: str,
    label: str,
    was: dict[str, Any],
    now: dict[str, Any],
    *,
    tolerance: Tolerance,
    masks: Mapping[str, Mask],
) -> CellComparison:
    ended = _ended(now) or "ok"
    if ended == "not run":
        return CellComparison(name, label, "not run", "the run stopped before it")
    if ended in ("timeout", "died"):
        return CellComparison(name, label, "error", "the run ended here: " + _ENDED[ended])
    failed, expected = _error(now), _error(was)
    if failed is not None and expected is None:
        return CellComparison(name, label, "error", f"{failed.get('ename')}: {failed.get('evalue')}"[:300])
    if ended == "error" and failed is None and _ended(was) == "ok":
        return CellComparison(name, label, "error", "it failed, and the kernel did not show how")
    try:
        outcome, notes = _by_policy(was, now, tolerance, masks)
    except BadTag as fault:
        return CellComparison(name, label, "error", str(fault))
    return CellComparison(name, label, outcome.verdict, outcome.why, notes, outcome.largest)


def _ended(cell: dict[str, Any]) -> str:
    """Return how a run of ours says that the cell ended; empty for a cell of no such run."""
    return str(cell.get("metadata", {}).get("jupyter_repro", {}).get("ended", ""))


def _by_policy(
    was: dict[str, Any], now: dict[str, Any], tolerance: Tolerance, masks: Mapping[str, Mask]
) -> tuple[Outcome, tuple[str, ...]]:
    """Compare as the tags of the author's cell say."""
    policy = policy_of(was, tolerance)
    before, after = was.get("outputs", ()), now.get("outputs", ())
    if policy.ignored:
        return volatile("its author tagged it `repro-ignore`: its outputs are not compared"), ()
    outcome, notes = compare_outputs(before, after, policy.tolerance, masks)
    if policy.volatile and outcome.verdict not in SAME:
        kinds = of_other_kinds(before, after)
        outcome = (
            differs(kinds) if kinds else volatile("its author tagged it `repro-volatile`: " + outcome.why)
        )
    return outcome, (*notes, policy.note) if policy.note else notes


_ENDED = {"timeout": "it took too long", "died": "the kernel died"}


def _error(cell: dict[str, Any]) -> dict[str, Any] | None:
    return next((o for o in cell.get("outputs", ()) if o.get("output_type") == "error"), None)


def code_cells(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the code cells that are not blank, by the name that a comparison gives them."""
    return dict(_code(notebook))


def _code(notebook: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    taken: set[str] = set()
    for position, cell in enumerate(notebook.get("cells", ())):
        if cell.get("cell_type") != "code" or not _source(cell).strip():
            continue
        told = cell.get("id")
        name = told if isinstance(told, str) and told not in taken else f"at-{position}"
        taken.add(name)
        yield name, cell


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)
