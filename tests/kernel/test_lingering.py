"""Code of the notebook's that runs on beside its cells is never passed over in silence."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from jupyter_repro.kernel.lingering import lingering

if TYPE_CHECKING:
    from tests.conftest import Bench


def test_a_thread_that_outlives_its_cell(bench: Bench) -> None:
    """Its cell and those that run beside it are unknown, and the ones after its end are not."""
    bench.write(
        start="import threading\nstop = threading.Event()\ndef work(): stop.wait()\n"
        "thread = threading.Thread(target=work)\nthread.start()",
        beside="x = 1",
        end="stop.set()\nthread.join()",
        after="y = 2",
    )
    bench.run_all()
    cells = {cell.id: cell for cell in bench.status().cells}
    assert "a thread of the notebook's runs on beside it" in cells["start"].why
    assert "a thread of the notebook's runs on beside it" in cells["beside"].why
    assert cells["beside"].verdict == "unknown"
    assert cells["after"].verdict == "reproduced"


def test_an_object_of_the_notebooks_own_that_is_a_thread(bench: Bench) -> None:
    """A subclass and a timer run the notebook's code too."""
    bench.write(
        kind="import threading\nclass Own(threading.Thread):\n    def run(self): stop.wait()",
        start="stop = threading.Event()\nown = Own()\nown.start()",
        timer="timer = threading.Timer(60, lambda: None)\ntimer.start()",
        end="stop.set(); own.join(); timer.cancel(); timer.join()",
    )
    bench.run_all()
    cells = {cell.id: cell for cell in bench.status().cells}
    assert cells["start"].verdict == cells["timer"].verdict == "unknown"


def test_threads_of_libraries_are_not_the_notebooks() -> None:
    """A pool's idle workers and the kernel's own threads change no name."""
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert lingering({}) == ()
        assert lingering(vars(time)) == ()
    finally:
        stop.set()
        thread.join()


def test_what_is_a_stranger_to_one_session_is_anothers_own() -> None:
    """What the last look of another session found is not taken for this one's."""
    stop = threading.Event()
    own: dict[str, object] = {"stop": stop}
    exec("def work(): stop.wait()", own)
    thread = threading.Thread(target=own["work"])  # type: ignore[arg-type] # made by exec
    thread.start()
    try:
        for _ in range(2):
            assert lingering({}) == ()
            assert lingering(own) == ("a thread of the notebook's runs on beside it",)
    finally:
        stop.set()
        thread.join()
