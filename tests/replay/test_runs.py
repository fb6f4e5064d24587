"""What is kept about runs is what going through all of them would find."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.records import CellId, CellRun, Use, Version
from jupyter_repro.replay.runs import Runs

WHAT = ("by_order", "by_cell", "by_source", "files", "streams", "latest")

RUNS = st.builds(
    lambda cell, digest, reads, parent, ended, effects: CellRun(
        order=0,
        cell=cell,
        source=digest,
        digest=digest,
        reads=reads,
        parent=parent,
        ended=ended,
        effects=effects,
    ),
    st.sampled_from([None, CellId("a"), CellId("b")]),
    st.sampled_from(["one", "two"]),
    st.lists(
        st.builds(
            Use,
            st.sampled_from(["file:x.csv", "name:x", "rng:numpy"]),
            st.builds(Version, st.none(), st.integers(0, 5)),
        ),
        max_size=2,
    ).map(tuple),
    st.sampled_from([None, None, 1]),
    st.sampled_from(["ok", "not compiled"]),
    st.sampled_from([(), ("it used the network",)]),
)


def told(runs: Runs) -> object:
    """Return all that the runs tell."""
    return [list(runs), [getattr(runs, name) for name in WHAT], [runs.makers.first(n) for n in range(10)]]


@given(st.lists(RUNS, max_size=8), st.lists(st.sampled_from(["ask", "amend", "go on"]), max_size=8))
def test_asked_at_any_moment_it_is_up_to_date(made: list[CellRun], steps: list[str]) -> None:
    """Runs that are added and amended one by one tell what the same runs tell at once."""
    runs = Runs()
    for number, run in enumerate(made, start=1):
        runs.append(msgspec.structs.replace(run, order=number))
        step = steps[number - 1] if number <= len(steps) else "go on"
        if step == "ask":
            assert told(runs) == told(Runs(list(runs)))
        elif step == "amend":
            runs.amend(
                number // 2,
                msgspec.structs.replace(runs[number // 2], writes=(Use("rng:numpy", Version("s")),)),
            )
    assert told(runs) == told(Runs(list(runs)))
    assert Runs.of(runs) is runs
    assert runs[1:] == list(runs)[1:]


@pytest.mark.parametrize("name", WHAT)
def test_nothing_has_run(name: str) -> None:
    """There is nothing to find."""
    assert not getattr(Runs(), name)
