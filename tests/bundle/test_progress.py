"""Steps are named, cells counted, what is left is estimated where it is known, and anybody may end it."""

from __future__ import annotations

import threading

import pytest

from jupyter_repro.bundle.progress import ExportEvent, Journey, span
from jupyter_repro.bundle.stopping import go_on, stoppable
from jupyter_repro.errors import Stopped
from jupyter_repro.verifier.execute import Event


def _journey(events: list[ExportEvent], **more: object) -> Journey:
    return Journey(events.append, ["read", "run", "calibrate", "write"], clock=lambda: 0.0, **more)  # type: ignore[arg-type] # of the test


def _start(cell: str, position: int) -> Event:
    return Event("start", cell, position, 2)


def _end(cell: str, position: int, seconds: float) -> Event:
    return Event("end", cell, position, 2, "ok", seconds)


def test_steps_and_cells() -> None:
    """Each event tells the step, its number, the cell and its number."""
    events: list[ExportEvent] = []
    journey = _journey(events)
    journey.begin("read", "reading nb.ipynb")
    journey.begin("run")
    journey.about(["a", "b"])
    journey.cell(_start("b", 2), "cell 2")
    assert [event.sentence() for event in events] == [
        "[1/4] reading nb.ipynb",
        "[2/4] running the notebook in a fresh kernel",
        "[2/4] running cell 2 of 2",
    ]
    assert (events[-1].cell, events[-1].cell_number, events[-1].cells) == ("cell 2", 2, 2)
    assert events[-1].remaining_s is None


def test_what_is_left() -> None:
    """Known times of this run and those to come are added; the first run's own times count from then on."""
    events: list[ExportEvent] = []
    journey = _journey(events, passes=2, expected={"a": 60.0, "b": 40.0})
    journey.begin("run")
    journey.about(["a", "b"])
    journey.cell(_start("a", 1), "cell 1")
    assert events[-1].remaining_s == 200.0
    assert events[-1].sentence().endswith("about 3 min of cells left")
    journey.cell(_end("a", 1, 10.0), "cell 1")
    journey.cell(_start("b", 2), "cell 2")
    assert events[-1].remaining_s == 90.0
    journey.cell(_end("b", 2, 20.0), "cell 2")
    journey.begin("calibrate")
    journey.cell(_start("a", 1), "cell 1")
    assert events[-1].remaining_s == 30.0
    assert journey.durations == {"a": 10.0, "b": 20.0}


def test_a_cell_without_a_time_leaves_no_estimate() -> None:
    """Nothing is guessed."""
    events: list[ExportEvent] = []
    journey = _journey(events, expected={"a": 60.0})
    journey.begin("run")
    journey.about(["a", "b"])
    journey.cell(_start("a", 1), "cell 1")
    assert events[-1].remaining_s is None


def test_it_ends_where_somebody_asks() -> None:
    """The next step, cell or block of bytes is not begun; elsewhere nobody is ended."""
    stop = threading.Event()
    journey = _journey([])
    with stoppable(stop):
        journey.begin("read")
        stop.set()
        with pytest.raises(Stopped):
            journey.begin("run")
        with pytest.raises(Stopped):
            go_on()
    go_on()


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (40, "40 s"), (180, "3 min"), (9000, "2.5 h")])
def test_spans(seconds: float, words: str) -> None:
    """Times are told in words of their size."""
    assert span(seconds) == words
