"""One line in the cell's stderr when a run departs from Restart & Run All; each departure once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records import CellId, CellVerdict, Plan, Verdict
    from jupyter_repro.replay.replay import Replay

__all__ = ["Notices"]

_WARNED_ALONE = frozenset(
    ("stale", "out of order", "hidden state", "not idempotent", "rng shifted", "input changed")
)
_NEWLY = frozenset(("stale", "edited", "hidden state", "rng shifted"))
_MOST = 4


class Notices:
    """What has been said already."""

    def __init__(self) -> None:
        self._said: set[tuple[CellId, str, tuple[str, ...]]] = set()

    def line_for(self, replay: Replay, plan: Plan, ran: CellId | None, *, foretold: bool = False) -> str:
        """Return the one line to say after a run, empty if there is nothing new.

        Args:
            replay: The walk after the run.
            plan: The way out.
            ran: The cell that has just run.
            foretold: Its own departure was said before it ran.
        """
        allowed = {
            cell.verdict.id for cell in replay.cells if _allowed(cell.verdict.verdict, cell.cell.source)
        }
        fresh = [v for v in replay.verdicts if v.id not in allowed and self._is_new(v, ran)]
        self._said = {key for key in self._said if key in {_key(v) for v in replay.verdicts}}
        self._said.update(_key(verdict) for verdict in fresh)
        if foretold:
            fresh = [verdict for verdict in fresh if verdict.id != ran]
        if not fresh:
            return ""
        own = next((verdict for verdict in fresh if verdict.id == ran), None)
        if own is not None:
            reason = own.why[0] if own.why else ""
            return f"repro: {own.label} is {own.verdict}: {reason}. Remedy: {plan.sentence}."
        labels = ", ".join(verdict.label for verdict in fresh[:_MOST])
        more = f" and {len(fresh) - _MOST} more" if len(fresh) > _MOST else ""
        first = fresh[0]
        now = f"{labels}{more} {'is' if len(fresh) == 1 else 'are'} now {first.verdict}"
        return f"repro: {now}: {first.why[0] if first.why else ''}. Remedy: {plan.sentence}."

    def _is_new(self, verdict: CellVerdict, ran: CellId | None) -> bool:
        kinds = _WARNED_ALONE if verdict.id == ran else _NEWLY
        return verdict.verdict in kinds and verdict.order is not None and _key(verdict) not in self._said


def _allowed(verdict: Verdict, source: str) -> bool:
    from jupyter_repro.rules.allowed import allowance
    from jupyter_repro.rules.verdicts import CODES

    return verdict in CODES and bool(allowance(source, CODES[verdict][0]))


def _key(verdict: CellVerdict) -> tuple[CellId, str, tuple[str, ...]]:
    return verdict.id, verdict.verdict, verdict.why


def say(line: str) -> None:
    """Print the line to the cell's stderr."""
    if line:
        print(line, file=sys.stderr)  # noqa: T201 - a door prints


__all__ += ["say"]
