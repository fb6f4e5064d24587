"""Deltas: a client that applies them knows what the kernel knows."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from jupyter_repro.kernel.channel.deltas import delta_between, headline_between, with_short_of
from jupyter_repro.kernel.channel.facts import PanelFinding, PlanInShort, State
from jupyter_repro.kernel.channel.wire import encode
from jupyter_repro.records import CellId, CellVerdict, SeedPlan
from jupyter_repro.records.status import DocumentFacts

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)
VERDICTS = st.sampled_from(["reproduced", "stale", "not run"])


@st.composite
def states(draw: st.DrawFn) -> State:
    """Return any state, as far as deltas look at it."""
    cells = [
        CellVerdict(id=CellId(name), label=f"cell {place}", verdict=draw(VERDICTS))
        for place, name in enumerate(draw(IDS))
    ]
    findings = [
        PanelFinding(key=key, code="RP101", severity="warning", message=draw(VERDICTS), remedy="run")
        for key in draw(IDS)
    ]
    return State(
        at=draw(st.sampled_from([1.0, 2.0])),
        verdict=draw(st.sampled_from(["differs", "unknown"])),
        headline=draw(VERDICTS),
        cells=tuple(cells),
        findings=tuple(findings),
        more_findings=draw(st.integers(0, 2)),
        plan=PlanInShort(kind="nothing", sentence="", count=0, look_again=False, why=""),
        governed=draw(st.sampled_from([None, SeedPlan(seed=1)])),
        settings=(),
        document=DocumentFacts(origin="panel", path=draw(st.sampled_from([None, "x"])), note=""),
        recording="",
        recording_on=draw(st.booleans()),
        notices=True,
        busy=None,
        jobs=(),
    )


def plain(message: Any) -> dict[str, Any]:
    return dict(json.loads(json.dumps(encode(message))))


def applied(state: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """Return what a client knows after a delta, as docs/protocol.md says."""
    delta = {name: value for name, value in delta.items() if name not in ("type", "seq")}
    cells = {cell["id"]: cell for cell in (*state["cells"], *delta.pop("cells", ()))}
    order = delta.pop("order", None) or list(cells)
    if "order" in delta or order:
        cells = {name: cells[name] for name in order}
    findings = {each["key"]: each for each in (*state["findings"], *delta.pop("findings", ()))}
    for key in delta.pop("findings_gone", ()):
        del findings[key]
    return {**state, **delta, "cells": list(cells.values()), "findings": findings}


@given(states(), states())
def test_a_delta_makes_the_old_state_the_new_one(old: State, new: State) -> None:
    """Nothing is lost: cells that came, went, moved or changed, findings, and every other field."""
    delta = delta_between(old, new, seq=1)
    expected = plain(new) | {"findings": {each["key"]: each for each in plain(new)["findings"]}}
    if delta is None:
        before = plain(old) | {"findings": {each["key"]: each for each in plain(old)["findings"]}}
        assert {**before, "at": 0} == {**expected, "at": 0}  # findings have keys, and no order
        return
    told = plain(delta)
    if "order" in told and not told["order"]:
        assert new.cells == ()
        return

    assert applied(plain(old), told) == expected


@given(states())
def test_what_is_the_same_is_not_told(state: State) -> None:
    """The moment alone is no news."""
    later = msgspec.structs.replace(state, at=time.time())

    assert delta_between(state, later, seq=1) is None
    assert headline_between(state, later, seq=1) is None


@given(states(), states())
def test_a_hidden_page_catches_up(old: State, new: State) -> None:
    """What a hidden page was not told is told when it is shown: the headline counts as known, the rest does not."""
    known = with_short_of(old, new)

    assert headline_between(known, new, seq=1) is None
    delta = delta_between(known, new, seq=1)
    before, now = (
        plain(state) | {"at": 0, "findings": {each["key"]: each for each in plain(state)["findings"]}}
        for state in (known, new)
    )
    assert (delta is None) == (before == now)  # findings have keys, and no order
