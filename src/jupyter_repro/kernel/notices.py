"""One line in the cell's stderr when a run departs from Restart & Run All; each departure once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jupyter_repro.replay.labels import cells_in_words, verdict_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jupyter_repro.records import CellId, CellVerdict, Plan, Verdict
    from jupyter_repro.replay.replay import Replay

__all__ = ["Notices"]

_WARNED_ALONE = frozenset(
    ("stale", "out of order", "hidden state", "not idempotent", "rng shifted", "input changed")
)
_NEWLY = frozenset(("stale", "edited", "hidden state", "rng shifted", "input changed"))
_MOST = 4


class Notices:
    """What has been said already."""

    def __init__(self) -> None:
        self._said: set[tuple[CellId, str, str]] = set()
        """Cell, verdict and first reason."""

    def line_for(
        self,
        replay: Replay,
        plan: Callable[[], Plan],
        ran: CellId | None,
        *,
        foretold: bool = False,
        silenced: Callable[[Verdict], bool] = lambda _: False,
    ) -> str:
        """Return the one line to say after a run, empty if there is nothing new.

        Args:
            replay: The walk after the run.
            plan: Finds the way out; asked when there is something to say.
            ran: The cell that has just run.
            foretold: Its own departure was said before it ran.
            silenced: Whether the project does not want to hear of a verdict; asked when there is something to say.
        """
        departing = (cell for cell in replay.cells if cell.verdict.verdict != "reproduced")
        allowed = {cell.verdict.id for cell in departing if _allowed(cell.verdict.verdict, cell.cell.source)}
        known = {said[:2] for said in self._said}
        fresh = [v for v in replay.verdicts if v.id not in allowed and self._is_new(v, ran, known)]
        fresh = [verdict for verdict in fresh if not silenced(verdict.verdict)]
        present = {_key(verdict)[:2] for verdict in replay.verdicts}
        self._said = {said for said in self._said if said[:2] in present}
        self._said.update(_key(verdict) for verdict in fresh)
        if foretold:
            fresh = [verdict for verdict in fresh if verdict.id != ran]
        own = next((verdict for verdict in fresh if verdict.id == ran), None)
        if own is not None:
            return f"repro: {own.label} {verdict_in_words(own.verdict)}: {_reason(own, replay)}. Remedy: {plan().sentence}."
        if not fresh:
            return ""
        alike = [verdict for verdict in fresh if verdict.verdict == fresh[0].verdict]
        are = f"{cells_in_words([verdict.label for verdict in alike], most=_MOST)} {_now(alike)}"
        return f"repro: {are}: {_reason(fresh[0], replay)}. Remedy: {plan().sentence}."

    def _is_new(self, verdict: CellVerdict, ran: CellId | None, known: set[tuple[CellId, str]]) -> bool:
        """Tell whether to say it: of the cell that ran also another reason, of others each verdict once."""
        if verdict.order is None:
            return False
        if verdict.id == ran:
            return verdict.verdict in _WARNED_ALONE and _key(verdict) not in self._said
        return verdict.verdict in _NEWLY and (verdict.id, verdict.verdict) not in known


def _now(alike: Sequence[CellVerdict]) -> str:
    """Return ``is now stale``, ``now have a shifted RNG``."""
    said = verdict_in_words(alike[0].verdict, several=len(alike) > 1)
    first, _, rest = said.partition(" ")
    return f"{first} now {rest}" if first in ("is", "are") else f"now {said}"


def _reason(verdict: CellVerdict, replay: Replay) -> str:
    """Return the first reason; where it only hands on what is wrong above, also the first cause there."""
    place = {each.id: index for index, each in enumerate(replay.verdicts)}
    cause = verdict
    while cause.because_of and place.get(cause.because_of[0], len(place)) < place[cause.id]:
        behind = replay.verdicts[place[cause.because_of[0]]]
        if behind.verdict not in _NEWLY | _WARNED_ALONE or not behind.why:
            break
        cause = behind
    reason = verdict.why[0] if verdict.why else ""
    if cause is verdict:
        return reason
    named = reason.endswith(f"from {cause.label}, which {verdict_in_words(cause.verdict)}")
    return f"{reason}: {cause.why[0]}" if named else f"{reason} ({cause.label}: {cause.why[0]})"


def _allowed(verdict: Verdict, source: str) -> bool:
    from jupyter_repro.rules.allowed import allowance
    from jupyter_repro.rules.verdicts import CODES

    return verdict in CODES and bool(allowance(source, CODES[verdict][0]))


def _key(verdict: CellVerdict) -> tuple[CellId, str, str]:
    return verdict.id, verdict.verdict, verdict.why[0] if verdict.why else ""


def say(line: str) -> None:
    """Print the line to the cell's stderr."""
    if line:
        print(line, file=sys.stderr)  # noqa: T201 - a door prints


__all__ += ["say"]
