"""Two runs beside each other: what differs, and what of it could explain other results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import SeedPlan
from jupyter_repro.records.drift import RANKS, Drift, Unknown
from jupyter_repro.records.run_diff import Area, Explanation, RunDiff, ShownDiff

from .compare_configs import configs
from .pairing import paired

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jupyter_repro.records.catalog import RanCell, Run

    from .pairing import Pairs

__all__ = ["compare_runs"]

_CAN, _MAY = RANKS[:2]
_AREAS: tuple[Area, ...] = (
    "cells",
    "configuration",
    "inputs",
    "seed",
    "state",
    "environment",
    "settings",
    "code",
)
"""Of one rank, what explains most often comes first."""
_SHORT = 12
_FEW = 3
_JUDGED_WELL = ("", "reproduced", "unknown", "not run")
_CHANGES = ("git commit", "uncommitted changes", "untracked sources", "submodule")
_FORMS = ("saved:", "")
"""How digests of outputs begin, by who made them."""


def compare_runs(first: Run, second: Run, drift: Drift | None) -> RunDiff:
    """Return what differs between two runs.

    Args:
        first: The earlier one, or the reference.
        second: The other.
        drift: What differs between their environments; None: one of them cannot be read.
    """
    cells = paired(first, second)
    outputs = tuple(_shown(cells))
    unknown = [*_unknown(cells), *(() if drift is None else drift.unknown)]
    if drift is None:
        unknown.append(Unknown(what="environment", reason="the record of one of the two cannot be read"))
    if (first.configs is None) is not (second.configs is None):
        unknown.append(Unknown(what="configuration", reason="it was looked for in one of the two only"))
    not_told = first.absent.get("seed") or second.absent.get("seed")
    if not_told:
        unknown.append(Unknown(what="seed", reason=not_told))
    position = _first_differing(outputs, second)
    found = [
        *_cells(cells, position),
        *configs(first, second),
        *_inputs(first, second),
        *(() if not_told else _seed(first.seed, second.seed)),
        *_state(first, second),
        *_settings(first, second),
        *(() if drift is None else _environment(drift)),
    ]
    found.sort(key=lambda each: (RANKS.index(each.rank), _AREAS.index(each.area)))
    same = sum(_same(*pair) for pair in cells)
    return RunDiff(
        first=first.id,
        second=second.id,
        sentence=_sentence(outputs, same, found, unknown),
        outputs=outputs,
        same=same,
        explanations=tuple(found),
        unknown=tuple(unknown),
    )


def _shown(pairs: Pairs) -> Iterator[ShownDiff]:
    for one, other in pairs:
        if one is None or other is None:
            present = one or other
            if present is not None and not _asks(present):
                yield ShownDiff(
                    cell=present.label, what="only in the second" if one is None else "only in the first"
                )
        elif one.ended != other.ended:
            yield ShownDiff(cell=other.label, what="ended otherwise", detail=f"{one.ended} -> {other.ended}")
        elif one.outputs and other.outputs and _form(one) == _form(other) and one.outputs != other.outputs:
            yield ShownDiff(cell=other.label, what="differs")


def _same(one: RanCell | None, other: RanCell | None) -> bool:
    if one is None or other is None or not one.outputs:
        return False
    return one.outputs == other.outputs and one.ended == other.ended


def _unknown(pairs: Pairs) -> Iterator[Unknown]:
    for one, other in pairs:
        if one is None or other is None or one.ended != other.ended:
            continue
        if "" in (one.outputs, other.outputs):
            continue
        if one.outputs is None or other.outputs is None:
            yield Unknown(what=f"outputs of {other.label}", reason="what it showed is not on record in both")
        elif _form(one) != _form(other):
            yield Unknown(
                what=f"outputs of {other.label}",
                reason="a kernel and a bundle record them in two forms; compare two kernels, or two exports",
            )


def _form(cell: RanCell) -> str:
    return next(form for form in _FORMS if (cell.outputs or "").startswith(form))


def _first_differing(outputs: tuple[ShownDiff, ...], second: Run) -> int | None:
    """Return where in the second run the first cell stands that shows something else."""
    labels = [cell.label for cell in second.cells]
    places = [
        labels.index(each.cell)
        for each in outputs
        if each.cell in labels and each.what in ("differs", "ended otherwise")
    ]
    return min(places, default=None)


def _cells(pairs: Pairs, position: int | None) -> Iterator[Explanation]:
    for place, (one, other) in enumerate(pairs):
        if one is not None and other is not None and one.source == other.source:
            continue
        present = other or one
        if present is None or (_asks(one) and _asks(other)):
            continue  # what it asks for is told by what it has put in force
        late = position is not None and other is not None and place > position
        yield Explanation(
            area="cells",
            what=present.label,
            before="" if one is None else f"source {one.source[:_SHORT]}",
            now="" if other is None else f"source {other.source[:_SHORT]}",
            rank=_MAY if late else _CAN,
            reason="it stands below the first cell that shows something else"
            if late
            else (
                "its source was edited"
                if one is not None and other is not None
                else "only one of the two ran it"
            ),
        )


def _asks(cell: RanCell | None) -> bool:
    """Whether a cell only speaks to jupyter_repro, or is not there."""
    return cell is None or cell.outputs == ""


def _inputs(first: Run, second: Run) -> Iterator[Explanation]:
    before = {each.resource: each for each in first.inputs}
    after = {each.resource: each for each in second.inputs}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None and old.digest is not None and old.digest == new.digest:
            continue
        if _file_of_module(name) in before or _file_of_module(name) in after:
            continue  # the module says it
        known = old is not None and new is not None and old.digest is not None and new.digest is not None
        yield Explanation(
            area="inputs",
            what=name.removeprefix("file:") if name.startswith("file:") else name.replace(":", " ", 1),
            before=_digest(old.digest if old else None, there=old is not None),
            now=_digest(new.digest if new else None, there=new is not None),
            rank=_CAN if known else _MAY,
            reason="its bytes are others"
            if known
            else (
                "only one of the two read it"
                if old is None or new is None
                else "what it held is not known in both"
            ),
        )


def _file_of_module(resource: str) -> str:
    """Return the module that a file of Python's is imported as, spelled as a resource."""
    kind, _, path = resource.partition(":")
    return (
        f"module:{path.removesuffix('.py').replace('/', '.')}"
        if kind == "file" and path.endswith(".py")
        else ""
    )


def _digest(digest: str | None, *, there: bool) -> str:
    if not there:
        return ""
    return "not known" if digest is None else digest[:_SHORT]


def _seed(first: SeedPlan | None, second: SeedPlan | None) -> Iterator[Explanation]:
    one, other = first or SeedPlan(), second or SeedPlan()
    if one.seed is None and other.seed is None:
        yield Explanation(
            area="seed",
            what="seed",
            before="none",
            now="none",
            rank=_MAY,
            reason="what is drawn without a seed differs each time",
        )
    facts: tuple[tuple[str, object, object, str], ...] = (
        ("seed", one.seed, other.seed, "other numbers are drawn"),
        ("strictness", one.strictness, other.strictness, "other algorithms are allowed"),
        ("entropy", one.entropy, other.entropy, "what no seed governs is treated otherwise"),
        ("per_cell", one.per_cell, other.per_cell, "each cell draws from another place"),
    )
    for what, old, new, reason in facts:
        if old != new:
            yield Explanation(
                area="seed",
                what=what,
                before="none" if old is None else str(old),
                now="none" if new is None else str(new),
                rank=_CAN,
                reason=reason,
                restore=f"%repro {what}={old}"
                if what in ("seed", "strictness", "entropy") and old is not None
                else "",
            )


def _state(first: Run, second: Run) -> Iterator[Explanation]:
    """A cell that run-all would feed otherwise shows what no other run need show."""
    for which, run in (("first", first), ("second", second)):
        bad = [cell for cell in run.cells if cell.verdict not in _JUDGED_WELL]
        if bad:
            named = ", ".join(f"{cell.label} ({cell.verdict})" for cell in bad[:_FEW])
            more = f" and {len(bad) - _FEW} more" if len(bad) > _FEW else ""
            yield Explanation(
                area="state",
                what=f"state of the {which} run",
                before=f"{named}{more}" if which == "first" else "",
                now=f"{named}{more}" if which == "second" else "",
                rank=_CAN,
                reason="these cells were fed what Restart & Run All would not feed them",
                restore="restart and run all",
            )


def _settings(first: Run, second: Run) -> Iterator[Explanation]:
    before, after = _in_force(first), _in_force(second)
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name) or name.startswith(("seed.", "entropy.")):
            continue
        yield Explanation(
            area="settings",
            what=name,
            before=before.get(name, ""),
            now=after.get(name, ""),
            rank=_CAN if name in before and name in after else _MAY,
            reason="it decides which algorithms run",
        )


def _in_force(run: Run) -> Mapping[str, str]:
    return {each.name: each.effective for each in run.settings if each.effect == "in force"}


def _environment(drift: Drift) -> Iterator[Explanation]:
    for each in drift.differences:
        yield Explanation(
            area="code" if each.what.startswith(_CHANGES) else "environment",
            what=each.what,
            before=each.before,
            now=each.now,
            rank=each.rank,
            reason=each.reason,
            restore=each.restore,
        )


def _sentence(
    outputs: tuple[ShownDiff, ...], same: int, found: list[Explanation], unknown: list[Unknown]
) -> str:
    can = [each for each in found if each.rank == _CAN]
    if outputs:
        cells = f"{len(outputs)} cell{'s show' if len(outputs) > 1 else ' shows'} something else, the first is {outputs[0].cell}"
        if can:
            return f"{cells}; what explains it best: {_named(can[0])}"
        return f"{cells}; nothing on record is known to change numbers"
    unseen = sum(each.what.startswith("outputs of ") for each in unknown)
    shown = f"{same} cell{'s show' if same != 1 else ' shows'} the same"
    if unseen:
        shown += f", for {unseen} it is not known"
    return (
        f"{shown}; {len(can)} difference{'' if len(can) == 1 else 's'} could have changed numbers"
        if can
        else shown
    )


def _named(explanation: Explanation) -> str:
    return f"{explanation.what} ({explanation.before or 'not there'} -> {explanation.now or 'not there'}), {explanation.reason}"
