"""Each cell of a session: what is true of it, and what was said of it."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from truth.program import Program
    from truth.stage import Seen

__all__ = ["CellScore", "Said", "Truth", "scores"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_DEFINES = re.compile(r"\b(?:def|lambda|class|import)\b")

Truth = Literal["same", "shows otherwise", "leaves otherwise", "not reached", "edited", "not run"]
Said = Literal["reproduced", "unknown", "flagged"]


@dataclasses.dataclass(frozen=True)
class CellScore:
    """One cell of the final document."""

    seed: int
    cell: str
    source: str
    families: frozenset[str]
    truth: Truth
    difference: str
    """What differs, in words."""
    verdict: str
    why: tuple[str, ...]
    broken_promise: bool
    """It was called `reproduced` and is not."""

    @property
    def said(self) -> Said:
        """The verdict as one of three answers."""
        if self.verdict in ("reproduced", "unknown"):
            return self.verdict  # type: ignore[return-value]  # narrowed by the test above
        return "flagged"

    @property
    def differs(self) -> bool:
        """Whether run-all reaches the cell, and shows or leaves something else."""
        return self.truth in ("shows otherwise", "leaves otherwise")


def scores(
    program: Program,
    seen: Mapping[str, Seen],
    real: Mapping[str, Seen],
    verdicts: Mapping[str, tuple[str, tuple[str, ...]]],
) -> Iterator[CellScore]:
    """Compare what was shown with what run-all gives, cell by cell.

    A verdict is about what the cell is fed. That run-all may end above it, at an error of a cell that was
    edited or that is flagged, is told there; only where every cell above is called `reproduced` the
    promise covers that run-all gets here.
    """
    stops_unsaid = True
    functions = [source for source in program.final().values() if _DEFINES.search(source)]
    in_functions = frozenset(word for source in functions for word in _WORD.findall(source))
    for name, source in program.final().items():
        spelled = in_functions.union(_WORD.findall(source))
        verdict, why = verdicts[name]
        truth, difference = _truth(source, seen.get(name), real.get(name), spelled)
        lie = verdict == "reproduced" and truth != "same" and (truth != "not reached" or stops_unsaid)
        stops_unsaid = stops_unsaid and verdict == "reproduced"
        families = program.families.get(source, frozenset())
        yield CellScore(program.seed, name, source, families, truth, difference, verdict, why, lie)


def _truth(source: str, seen: Seen | None, real: Seen | None, spelled: frozenset[str]) -> tuple[Truth, str]:
    if seen is None:
        return "not run", ""
    if seen.source != source:
        return "edited", ""
    if real is None:
        return "not reached", "run-all ends above"
    if seen.shown != real.shown:
        return "shows otherwise", f"shows {seen.shown!r}, would show {real.shown!r}"
    for key in sorted(seen.changed | real.changed):
        if _was_otherwise_before(key, seen, real, spelled):
            continue
        if seen.left.get(key) != real.left.get(key):
            return (
                "leaves otherwise",
                f"leaves {key} = {seen.left.get(key)}, would leave {real.left.get(key)}",
            )
    return "same", ""


def _was_otherwise_before(key: str, seen: Seen, real: Seen, spelled: frozenset[str]) -> bool:
    """Tell whether a name differs by no doing of this cell.

    A cell that changes a list changes every tuple that holds it. That another cell has not made that tuple yet,
    or has made another one, is said there; not so if the cell, or a function, spells the tuple's name.
    """
    changed_by = [run for run in (seen, real) if key in run.changed]
    if any(key not in run.through for run in changed_by):
        return False
    if len(changed_by) > 1 and key.partition(":")[2] in spelled:
        return False
    before = [(run.came if key in run.changed else run.left).get(key) for run in (seen, real)]
    return before[0] != before[1]
