"""Whatever goes wrong in our hooks, the user's cell and its outputs stay as they are."""

from __future__ import annotations

import os
import random
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_repro.kernel.extension import session_of
from jupyter_repro.replay.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTS = [
    ValueError("boom"),
    KeyboardInterrupt(),
    SystemExit(3),
    MemoryError(),
    RecursionError(),
    GeneratorExit(),
]


@pytest.mark.parametrize("method", ["begin", "end"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_in_a_hook_leaves_the_cell_alone(
    shell: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    fault: BaseException,
) -> None:
    """No output, no error, the value is there, and the status says that the record has a gap."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise fault

    monkeypatch.setattr(Ledger, method, broken)
    capsys.readouterr()
    result = shell.run_cell("x = 40 + 2\nx", store_history=True, cell_id="a")
    said = capsys.readouterr()
    assert result.success or isinstance(fault, KeyboardInterrupt)
    assert "boom" not in said.out + said.err
    assert "Traceback" not in said.out + said.err
    if isinstance(fault, KeyboardInterrupt) and method == "begin":
        assert said.out == "KeyboardInterrupt: interrupted before the cell began\n"
    monkeypatch.undo()
    session = session_of(shell)
    assert session is not None
    assert session.status(environment=False).verdict != "reproduced"


def test_three_failures_in_a_row_stop_the_recording(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken hook is not called for ever, and that is said; all is given back nevertheless."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("gone")

    state = random.getstate()
    shell.run_line_magic("repro", "seed=3")
    monkeypatch.setattr(Ledger, "begin", broken)
    monkeypatch.setattr(Ledger, "end", broken)
    for _ in range(4):
        shell.run_cell("x = 1")
    session = session_of(shell)
    assert session is not None
    assert not session.boundary.healthy
    assert any("stopped" in fault for fault in session.recording_faults())
    shell.run_line_magic("unload_ext", "jupyter_repro")
    assert not session.recording
    assert random.getstate() == state


def test_nothing_is_drawn_and_no_name_is_left(shell: Any) -> None:
    """Recording, warning and status neither draw from the user's generators nor touch the namespace."""
    shell.run_line_magic("repro", "seed=3")
    states = (random.getstate(), np.random.get_state()[1].tobytes())
    names = set(shell.user_ns)
    shell.run_cell("x = [1, 2]", store_history=False, cell_id="a")
    shell.run_cell("x.append(3)", store_history=False, cell_id="b")
    shell.run_line_magic("repro", "status verbose")
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == states
    assert set(shell.user_ns) - names <= {"x"}


def test_user_code_of_values_is_never_called(shell: Any) -> None:
    """`__repr__`, `__eq__`, `__hash__`, `__reduce__` and `__getattr__` that raise do no harm."""
    source = (
        "class Trap:\n"
        "    def __getattr__(self, name): raise SystemExit(name)\n"
        "    def __repr__(self): raise SystemExit('repr')\n"
        "    def __eq__(self, other): raise SystemExit('eq')\n"
        "    __hash__ = None\n"
        "    def __reduce__(self): raise SystemExit('reduce')\n"
        "    def __len__(self): raise SystemExit('len')\n"
        "    def __bool__(self): raise SystemExit('bool')\n"
        "trap = Trap()\nbox = [trap, {'t': trap}]\n"
    )
    assert shell.run_cell(source, cell_id="a").success
    assert shell.run_cell("other = trap\nbox.append(trap)", cell_id="b").success
    session = session_of(shell)
    assert session is not None
    assert session.recording_faults() == ()


def test_a_forked_child_records_nothing(shell: Any) -> None:
    """The child of `os.fork()` runs our hook with its own pid; it must write nothing."""
    session = session_of(shell)
    assert session is not None
    source = (
        "import os\npid = os.fork()\n"
        "if pid == 0:\n"
        "    get_ipython().run_cell('inner = 1')\n"
        "    os._exit(0)\n"
        "os.waitpid(pid, 0)"
    )
    with pytest.warns(DeprecationWarning, match="fork") if _forking_warns() else _nothing():
        result = shell.run_cell(source, cell_id="a")
    assert result.success
    assert [run.cell for run in session.ledger.runs if run.cell] == ["a"]


def _forking_warns() -> bool:
    import sys

    return sys.version_info >= (3, 12) and threading.active_count() > 1


def _nothing() -> Any:
    import contextlib

    return contextlib.nullcontext()


def test_a_cell_in_another_thread_during_a_cell(shell: Any) -> None:
    """Subshells nest runs of other threads in a running cell: both are on record, neither is `reproduced`."""
    session = session_of(shell)
    assert session is not None
    started, done = threading.Event(), threading.Event()

    def other() -> None:
        started.wait(10)
        shell.events.trigger("pre_run_cell", info := _Info("y = 2", "sub"))
        shell.events.trigger("post_run_cell", _Result(info))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    shell.user_ns["started"], shell.user_ns["done"] = started, done
    shell.run_cell("started.set()\nok = done.wait(10)", cell_id="main")
    thread.join()
    found = {run.cell: run.effects for run in session.ledger.runs}
    assert set(found) == {"main", "sub"}
    assert all("another cell ran at the same time" in effects for effects in found.values())


class _Info:
    """What IPython passes before a cell."""

    def __init__(self, raw_cell: str, cell_id: str) -> None:
        self.raw_cell, self.cell_id = raw_cell, cell_id


class _Result:
    """What IPython passes after a cell."""

    error_before_exec = None
    error_in_exec = None

    def __init__(self, info: _Info) -> None:
        self.info = info


@pytest.mark.parametrize(
    "source",
    [
        "%reset -f",
        "1 +",
        "raise SystemExit",
        "import sys; sys.stdout.flush()",
        "del get_ipython",
        "%cd ..",
        "",
        "   \n",
    ],
)
def test_odd_cells_leave_the_recorder_whole(shell: Any, source: str) -> None:
    """After each of them a later cell still runs and is recorded."""
    session = session_of(shell)
    assert session is not None
    with pytest.warns(UserWarning, match="To exit") if source == "raise SystemExit" else _nothing():
        shell.run_cell(source, cell_id="odd")
    assert shell.run_cell("x = 1", cell_id="after").success
    assert session.ledger.runs[-1].cell == "after"
    assert session.boundary.healthy


def test_overhead_of_a_pid_check_only_in_the_child(shell: Any) -> None:
    """The hooks know the process that loaded them."""
    session = session_of(shell)
    assert session is not None
    assert session.boundary._pid == os.getpid()


def test_an_interrupt_is_meant_for_one_cell(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that could not run anyway uses it up, and IPython has no more to do for the others."""

    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "begin", interrupted)
    assert not shell.run_cell("x = (", cell_id="a").success
    monkeypatch.undo()
    assert shell.run_cell("x = 1", cell_id="b").success
    assert shell.ast_transformers == []


def test_interrupting_a_hook_is_not_lost(
    shell: Any, monkeypatch: pytest.MonkeyPatch, new_shell: Callable[[], Any]
) -> None:
    """Ctrl-C that falls into our hook stops the cell, as the user meant, and is recorded as interrupted."""
    del new_shell

    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "begin", interrupted)
    result = shell.run_cell("ran = True", cell_id="a")
    monkeypatch.undo()
    assert not result.success
    assert "ran" not in shell.user_ns
    assert shell.run_cell("x = 1", cell_id="b").success


def test_what_a_cell_frees_is_freed_there(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """No value is kept alive by the record: memory and ``__del__`` come when they come without us."""
    shell.run_line_magic("repro", "seed=1")
    shell.run_cell("class A:\n    def __del__(self): print('freed')\na, b = A(), A()")
    capsys.readouterr()
    shell.run_cell("a = 1\nprint('then')\ndel b\nprint('end')")
    assert capsys.readouterr().out.split() == ["freed", "then", "freed", "end"]
