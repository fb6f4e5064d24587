"""The promise itself: no cell that run-all would give otherwise is ever called `reproduced`.

Random notebooks are run in real shells with the detours that people take; then the document as it stands is
run top to bottom in a fresh process, and what that gives is the truth. ``benchmarks/truth`` does the same for
thousands of sessions, and prints how many cells are caught.
"""

from __future__ import annotations

import collections
import concurrent.futures
import queue
from typing import TYPE_CHECKING

import pytest
from truth.playground import Playground
from truth.program import program_of
from truth.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from truth.playground import Outcome

BATCHES = 12
SESSIONS_A_BATCH = 25
PROCESSES = 2


@pytest.fixture(scope="module")
def grounds() -> Iterator[queue.SimpleQueue[Playground]]:
    """Return playgrounds, as many as sessions are played at the same time."""
    made = [Playground() for _ in range(PROCESSES)]
    free: queue.SimpleQueue[Playground] = queue.SimpleQueue()
    for ground in made:
        free.put(ground)
    yield free
    for ground in made:
        ground.close()


def outcomes(
    grounds: queue.SimpleQueue[Playground], seeds: Iterable[int], *, straight: bool = False
) -> list[Outcome]:
    """Play the sessions of these numbers."""

    def play(seed: int) -> Outcome:
        ground = grounds.get()
        try:
            return ground.play(program_of(seed, straight=straight))
        finally:
            grounds.put(ground)

    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(play, seeds))


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_reproduced_is_never_said_wrongly(batch: int, grounds: queue.SimpleQueue[Playground]) -> None:
    """300 random sessions with fixed seeds, over every family of cells."""
    first = batch * SESSIONS_A_BATCH
    for outcome in outcomes(grounds, range(first, first + SESSIONS_A_BATCH)):
        assert outcome.judged is not None, outcome.failure
        assert outcome.failure == "", outcome.program.told()
        for cell in outcome.cells:
            told = f"[{cell.cell}] {cell.source!r} {cell.difference}\n{outcome.program.told()}"
            assert not cell.broken_promise, told


@pytest.mark.slow
def test_a_straight_run_is_reproduced(grounds: queue.SimpleQueue[Playground]) -> None:
    """Notebooks run once, top to bottom: what is flagged does differ, but for a few guards against the opposite."""
    tally = Tally()
    alarms: collections.Counter[str] = collections.Counter()
    for outcome in outcomes(grounds, range(10_000, 10_040), straight=True):
        for cell in outcome.cells:
            assert not cell.broken_promise, outcome.program.told()
            tally.add(cell)
            if cell.truth == "same" and cell.said == "flagged":
                alarms[f"{cell.verdict}: {cell.why}"] += 1
    assert tally.by["same", "flagged"] <= 0.02 * tally.by["same", "reproduced"], alarms
