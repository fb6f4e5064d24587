"""Hypothesis works a notebook: whatever it does, nothing is called `reproduced` falsely, and the plan helps."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = (
    "a = 1",
    "a = 2",
    "b = a + 1",
    "a += 1",
    "xs = [a]",
    "ys = xs",
    "xs.append(1)",
    "ys.append(a)",
    "n = len(xs)",
    "d = {'k': xs}",
    "d['k'].append(2)",
    "def f(z):\n    return z + a",
    "b = f(1)",
    "def f(z, acc=[]):\n    acc.append(z)\n    return len(acc)",
    "it = iter([1, 2, 3])",
    "b = next(it, 0)",
    "import random",
    "r = random.random()",
    "if a > 1:\n    xs = [0]",
    "del a",
    "del xs",
    "for a in range(2):\n    pass",
    "n = sum(xs)\nxs.clear()",
)
"""A small grammar, dense with names that share objects."""

FIRST = ("import random", "a = 1", "xs = [a]", "n = len(xs)")


@dataclasses.dataclass(frozen=True)
class Shown:
    """What the last run of a cell showed and left."""

    source: str
    shown: str
    left: dict[str, str]
    bound: frozenset[str]


class Kernel:
    """A real shell; ``watched`` ones have the extension."""

    def __init__(self, make_shell: Callable[[], Any], *, watched: bool) -> None:
        self.shell = make_shell()
        random.seed(42)
        if watched:
            with contextlib.redirect_stdout(io.StringIO()):
                self.shell.run_line_magic("load_ext", "jupyter_repro")
                self.shell.run_line_magic("repro", "seed=42")

    def run(self, name: str, source: str) -> Shown:
        """Run a cell."""
        from truth.values import spelled

        def look() -> dict[str, str]:
            names = ("a", "b", "n", "r", "xs", "ys", "d", "f", "it", "random")
            return {key: spelled(self.shell.user_ns[key]) for key in names if key in self.shell.user_ns}

        before, ids = look(), {key: id(value) for key, value in self.shell.user_ns.items()}
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            result = self.shell.run_cell(source, store_history=True, cell_id=name)
        after = look()
        error = result.error_in_exec or result.error_before_exec
        bound = {
            key
            for key in {*before, *after}
            if before.get(key) != after.get(key) or ids.get(key) != id(self.shell.user_ns.get(key))
        }
        shown = f"{type(error).__name__}: {error}" if error else ""
        return Shown(source, shown, after, frozenset(bound))

    def close(self) -> None:
        """Give back what is governed."""
        with contextlib.redirect_stdout(io.StringIO()):
            self.shell.run_line_magic("unload_ext", "jupyter_repro")


class Worked(RuleBasedStateMachine):
    """One notebook and one kernel under every order of edits and runs."""

    make_shell: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.cells = {f"c{at}": source for at, source in enumerate(FIRST)}
        self.kernel = Kernel(type(self).make_shell, watched=True)
        self.seen: dict[str, Shown] = {}
        self.count = len(FIRST)
        self.steps = 0
        for name in self.cells:
            self._run(name)

    def _run(self, name: str) -> None:
        self.seen[name] = self.kernel.run(name, self.cells[name])
        self.steps += 1

    def _name(self, at: int) -> str:
        return list(self.cells)[at % len(self.cells)]

    def _put(self, name: str, source: str, at: int) -> None:
        rest = [item for item in self.cells.items() if item[0] != name]
        place = at % (len(rest) + 1)
        self.cells = dict([*rest[:place], (name, source), *rest[place:]])

    @rule(at=st.integers(0, 20))
    def run(self, at: int) -> None:
        """Run one cell."""
        self._run(self._name(at))

    @rule(at=st.integers(0, 20), source=st.sampled_from(SOURCES), run=st.booleans())
    def edit(self, at: int, source: str, *, run: bool) -> None:
        """Change a cell, and run it or not."""
        name = self._name(at)
        self.cells[name] = source
        if run:
            self._run(name)

    @precondition(lambda self: len(self.cells) < 9)
    @rule(at=st.integers(0, 20), source=st.sampled_from(SOURCES))
    def insert(self, at: int, source: str) -> None:
        """Write a new cell and run it."""
        name = f"c{self.count}"
        self.count += 1
        self._put(name, source, at)
        self._run(name)

    @precondition(lambda self: len(self.cells) > 2)
    @rule(at=st.integers(0, 20))
    def delete(self, at: int) -> None:
        """Delete a cell."""
        del self.cells[self._name(at)]

    @rule(at=st.integers(0, 20), to=st.integers(0, 20))
    def move(self, at: int, to: int) -> None:
        """Move a cell."""
        name = self._name(at)
        self._put(name, self.cells[name], to)

    @invariant()
    def every_verdict_has_its_reason(self) -> None:
        """A verdict other than `reproduced` says why; `reproduced` needs no reason."""
        if not self.steps % 5:
            walked, _ = self._judge(self.kernel)
            assert all(bool(said.why) == (said.verdict != "reproduced") for said in walked.verdicts)

    def _judge(self, kernel: Kernel) -> tuple[Any, Any]:
        from truth.jobs import document_of

        from jupyter_repro.kernel.extension import session_of
        from jupyter_repro.kernel.verdict import plan_of, walk

        session = session_of(kernel.shell)
        assert session is not None
        assert session.recording_faults() == (), session.boundary.last_traceback
        walked = walk(session, document_of(self.cells))
        return walked, plan_of(walked, session)

    def teardown(self) -> None:
        """At the end run-all is really done, and the plan is really followed."""
        walked, plan = self._judge(self.kernel)
        try:
            real = self._run_all()
            self._nothing_false(walked, real)
            if len(real) == len(self.cells) and not any(shown.shown for shown in real.values()):
                self._follow(plan)
        finally:
            self.kernel.close()

    def _run_all(self) -> dict[str, Shown]:
        fresh = Kernel(type(self).make_shell, watched=False)
        found: dict[str, Shown] = {}
        state = random.getstate()
        random.seed(42)
        for name, source in self.cells.items():
            found[name] = fresh.run(name, source)
            if found[name].shown:
                break
        random.setstate(state)
        return found

    def _nothing_false(self, walked: Any, real: dict[str, Shown]) -> None:
        above: set[str] = set()
        for said in walked.verdicts:
            name = str(said.id)
            if said.verdict == "reproduced" and (name in real or above <= {"reproduced"}):
                self._same(name, real)
            above.add(said.verdict)

    def _same(self, name: str, real: dict[str, Shown]) -> None:
        seen, truly = self.seen[name], real.get(name)
        assert truly is not None, f"{name} is not reached by run-all: {self.cells}"
        assert seen.source == self.cells[name]
        assert seen.shown == truly.shown, f"{name} of {self.cells}"
        for key in seen.bound | truly.bound:
            there = key in seen.left, key in truly.left
            if all(there) or self._binds(name, key):
                assert seen.left.get(key) == truly.left.get(key), f"{key} after {name} of {self.cells}"

    def _binds(self, name: str, key: str) -> bool:
        return f"{key} =" in self.cells[name] or f"del {key}" in self.cells[name]

    def _follow(self, plan: Any) -> None:
        """After the plan every verdict is `reproduced`."""
        kernel = self.kernel
        if plan.kind == "restart and run all":
            kernel.close()
            kernel = self.kernel = Kernel(type(self).make_shell, watched=True)
            names = list(self.cells)
        else:
            names = [str(name) for name in plan.cells]
        for name in names:
            kernel.run(name, self.cells[name])
        walked, after = self._judge(kernel)
        if plan.kind == "run cells" and plan.look_again and after.kind != "nothing":
            assert after != plan, f"{plan.sentence!r} leads nowhere: {self.cells}"
            self._follow(after)
            return
        left = {
            str(said.id): (said.verdict, said.why) for said in walked.verdicts if said.verdict != "reproduced"
        }
        assert not left, f"after {plan.sentence!r} of {self.cells}: {left}"


@pytest.mark.slow
def test_a_notebook_worked_at_will(shell_maker: Callable[[], Any]) -> None:
    """No false `reproduced` at any end, and after following the plan every verdict is `reproduced`."""
    Worked.make_shell = staticmethod(shell_maker)
    run_state_machine_as_test(
        Worked,
        settings=settings(
            max_examples=250,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
