"""Why cells differ, put into the rows of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .causes.ranking import first_divergence, ranked, unexplained
from .causes.runs import Differences, Runs, has_record, machine_of, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .compare.notebook import CellComparison

__all__ = ["all_close", "explain"]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NEAR = 1e-4
"""Sums in another order differ by less than this part of their size; another seed by more."""


def explain(  # noqa: PLR0913 - two runs, what was found of them, and what they ran in
    rows: Sequence[dict[str, Any]],
    compared: Sequence[CellComparison],
    reference: dict[str, Any],
    fresh: dict[str, Any],
    *,
    environment: Mapping[str, Any],
    seeded: bool,
) -> dict[str, Any] | None:
    """Give each row its ``causes`` and ``unexplained``; return the first cell that gave another result.

    Args:
        rows: One a cell, with ``differences``.
        compared: The verdicts behind them.
        reference: The author's notebook.
        fresh: That of the run here.
        environment: How the environments differ, as the report tells it.
        seeded: Whether the kernel was given a seed before the first cell.
    """
    close = frozenset(row["id"] for row in rows if all_close(row["differences"]))
    cells = runs_of(compared, reference, fresh, close=close)
    runs = Runs(cells, _differences(reference, fresh, environment), seeded=seeded)
    for row, cell in zip(rows, cells, strict=True):
        found = ranked(cell, runs)
        row["causes"] = [each.to_json() for each in found]
        row["unexplained"] = unexplained(cell) if cell.diverged and not found else ""
    return first_divergence(runs)


def all_close(differences: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether both sides hold the same words, and numbers of nearly the same size."""
    pairs = list(differences)
    return bool(pairs) and all(
        each["kind"] == "text" and _near(each["reference"], each["fresh"]) for each in pairs
    )


def _near(was: str | None, now: str | None) -> bool:
    if was is None or now is None or _NUMBER.sub("#", was) != _NUMBER.sub("#", now):
        return False
    pairs = zip(_NUMBER.findall(was), _NUMBER.findall(now), strict=True)
    return all(abs(float(a) - float(b)) <= _NEAR * max(abs(float(a)), abs(float(b))) for a, b in pairs)


def _differences(
    reference: dict[str, Any], fresh: dict[str, Any], environment: Mapping[str, Any]
) -> Differences:
    was, now = machine_of(reference), machine_of(fresh)
    both = has_record(reference) and has_record(fresh)
    machine = {
        name: (was.get(name, ""), now.get(name, ""))
        for name in (*was, *(name for name in now if name not in was))
        if both and now and was.get(name) != now.get(name)
    }
    told = fresh.get("metadata", {}).get("jupyter_repro", {}).get("modules_of")
    modules = {name: tuple(each) for name, each in told.items()} if isinstance(told, dict) else {}
    return Differences(
        versions=tuple(environment.get("packages_of_another_version", ())),
        bytes=tuple(environment.get("packages_of_other_bytes", ())),
        notes=tuple(environment.get("notes", ())),
        modules=modules,
        machine=machine,
    )
