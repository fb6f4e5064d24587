"""Every verdict, for every kind of resource: sessions written by hand, judged, and run afresh.

Each row is a document, what its user does, and the verdicts that must be said at the end. The document is
then really run top to bottom in a fresh process: what is called ``reproduced`` must show and leave the
same, and where a row does not say otherwise, what is flagged must differ.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from scenarios import SCENARIOS
from truth.program import Act, Program, changed

if TYPE_CHECKING:
    from scenarios import Scenario
    from truth.playground import Playground
    from truth.program import Governing


def program_of(scenario: Scenario) -> Program:
    """Return the session of a row; its acts are one line each."""
    acts: list[Act] = []
    cells = dict(scenario.cells)
    for line in scenario.acts:
        acts.extend(_acts(line, cells))
        for act in acts[-1:]:
            cells = changed(cells, act)
    governing: Governing = "configured" if scenario.seeded else "none"
    return Program(
        seed=0,
        focus=(),
        governing=governing,
        bare=False,
        cells=tuple(scenario.cells.items()),
        acts=tuple(acts),
        families={},
        tagged=frozenset(scenario.tagged),
    )


def _acts(line: str, cells: dict[str, str]) -> list[Act]:
    """Read ``run a b``, ``run all``, ``edit a: x = 2``, ``delete a``, ``move a to 2``, ``insert z at 1: y = 1``."""
    head, _, text = line.partition(": ")
    word, *rest = head.split()
    if word == "run":
        return [Act("run", (name,)) for name in (cells if rest == ["all"] else rest)]
    if word == "edit":
        return [Act("edit", (rest[0],), text)]
    if word == "delete":
        return [Act("delete", (rest[0],))]
    if word == "write":
        return [Act("touch", source=text, file=rest[0])]
    assert word in ("move", "insert"), line
    return [Act("move" if word == "move" else "insert", (rest[0],), text, int(rest[2]))]


ROWS = [
    pytest.param(
        scenario,
        id=scenario.name,
        marks=pytest.mark.xfail(reason=scenario.not_yet, strict=True) if scenario.not_yet else (),
    )
    for scenario in SCENARIOS
]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ROWS)
def test_each_departure_has_its_word(scenario: Scenario, playground: Playground) -> None:
    """The verdicts of the row are said, and run-all bears them out."""
    outcome = playground.play(program_of(scenario))
    assert outcome.judged is not None, outcome.failure
    assert outcome.failure == ""
    said = {cell.cell: cell.verdict for cell in outcome.cells}
    told = "\n".join(
        f"[{cell.cell}] {cell.verdict}: {'; '.join(cell.why)} | {cell.truth} {cell.difference}"
        for cell in outcome.cells
    )
    assert {name: said[name] for name in scenario.expected} == dict(scenario.expected), told
    for cell in outcome.cells:
        assert not cell.broken_promise, told
        assert bool(cell.why) == (cell.verdict != "reproduced"), told
        flagged = cell.said == "flagged" and cell.verdict not in ("edited", "not run")
        if flagged and cell.cell not in scenario.coincides:
            assert cell.truth != "same", f"false alarm for {cell.cell}\n{told}"


def test_every_verdict_has_its_rows() -> None:
    """The table speaks of each verdict, and each row of at least one cell."""
    words = {verdict for scenario in SCENARIOS for verdict in scenario.expected.values()}
    assert words == {
        "reproduced",
        "stale",
        "out of order",
        "hidden state",
        "edited",
        "not run",
        "not idempotent",
        "rng shifted",
        "input changed",
        "unknown",
    }
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    assert all(dataclasses.replace(scenario).expected for scenario in SCENARIOS)
