"""The promise itself: no cell that run-all would give otherwise is ever called `reproduced`.

Random notebooks are run in real shells with the detours that people take; then the document as it stands is
run top to bottom in a fresh shell, and what that gives is the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sessions import Session, differing, random_session, straight_session, truth

if TYPE_CHECKING:
    from collections.abc import Callable

BATCHES = 12
SESSIONS_A_BATCH = 25


def lies(session: Session, wrong: dict[str, str]) -> dict[str, str]:
    """Return the cells that are called `reproduced` and are not.

    A cell's verdict is about what the cell is fed. That run-all may end before it, at the error of a cell
    that was edited or never run, is told by that cell's own verdict, which then is not `reproduced`.
    """
    verdicts = session.verdicts()
    names = list(session.cells)
    found = {}
    for name, why in wrong.items():
        above = {verdicts[other] for other in names[: names.index(name)]}
        if verdicts[name] == "reproduced" and (why != "not reached" or above == {"reproduced"}):
            found[name] = why
    return found


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_reproduced_is_never_said_wrongly(batch: int, shell_maker: Callable[[], Any]) -> None:
    """Over 300 random sessions with fixed seeds, in cells and in whole notebooks."""
    for seed in range(batch * SESSIONS_A_BATCH, (batch + 1) * SESSIONS_A_BATCH):
        session = random_session(seed, shell_maker)
        wrong = differing(session, truth(session.cells, shell_maker))
        found = lies(session, wrong)
        assert not found, f"session {seed}: {found}\n{session.told()}"
        if set(session.verdicts().values()) == {"reproduced"}:
            assert not wrong, f"session {seed}: {wrong}\n{session.told()}"


@pytest.mark.slow
def test_a_straight_run_is_reproduced(shell_maker: Callable[[], Any]) -> None:
    """Notebooks dense with aliases and objects, run once, top to bottom: few false alarms.

    What remains are objects reached along two ways at once; each is a guard against a false `reproduced`.
    """
    alarmed = []
    for seed in range(100):
        session = straight_session(seed, shell_maker)
        if {session.verdicts()[name] for name in session.seen} != {"reproduced"}:
            alarmed.append(seed)
    assert len(alarmed) <= 20, alarmed
