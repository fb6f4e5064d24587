"""Random sessions over random notebooks, run in a real shell, and what run-all really gives."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import random
import types
from typing import TYPE_CHECKING, Any

from notebooks import Writer

from jupyter_repro.digest import source_digest
from jupyter_repro.records import Cell, CellId, Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_repro.replay.replay import Replay

__all__ = ["Seen", "Session", "differing", "random_session", "straight_session", "truth"]

SEED = 42
_OWN = frozenset(("In", "Out", "get_ipython", "exit", "quit", "open"))


@dataclasses.dataclass(frozen=True)
class Seen:
    """What one cell run showed and left."""

    source: str
    shown: str
    before: dict[str, str]
    after: dict[str, str]
    bound: frozenset[str]
    """Names whose object or content is another one after the run."""


def plain(namespace: dict[str, Any]) -> dict[str, str]:
    """Return every user name with its value as text, without addresses."""
    names = [name for name in namespace if not name.startswith("_") and name not in _OWN]
    return {name: spelled(namespace[name]) for name in names}


def spelled(value: Any) -> str:
    """Return a value as text; what cannot be compared is its type's name."""
    if isinstance(value, types.FunctionType):
        return (
            f"function {value.__code__.co_code!r} {value.__code__.co_consts!r} {value.__defaults__!r}".split(
                " at 0x"
            )[0]
        )
    if isinstance(value, type):
        return f"class {value.__name__} {value.__dict__.get('count')!r}"
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else text


class Runner:
    """A real shell that notes what its cells show and leave."""

    def __init__(self, make_shell: Callable[[], Any], *, watched: bool) -> None:
        self.shell = make_shell()
        random.seed(SEED)
        with contextlib.suppress(ImportError):
            import numpy as np

            np.random.seed(SEED)
        if watched:
            self.shell.run_line_magic("load_ext", "jupyter_repro")
            with contextlib.redirect_stdout(io.StringIO()):
                self.shell.run_line_magic("repro", f"seed={SEED}")

    def run(self, name: str, source: str) -> Seen:
        """Run a cell."""
        namespace = self.shell.user_ns
        before, objects = plain(namespace), dict(namespace)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            result = self.shell.run_cell(source, store_history=True, cell_id=name)
        after = plain(namespace)
        bound = {
            key
            for key in {*before, *after}
            if before.get(key) != after.get(key) or objects.get(key) is not namespace.get(key)
        }
        error = result.error_in_exec or result.error_before_exec
        shown = f"{type(error).__name__}: {error}" if error else spelled(result.result)
        return Seen(source, shown, before, after, frozenset(bound))

    def close(self) -> None:
        """Give back what is governed."""
        with contextlib.redirect_stdout(io.StringIO()):
            self.shell.run_line_magic("unload_ext", "jupyter_repro")


@dataclasses.dataclass
class Session:
    """A document, what each cell last showed, and what happened, in words."""

    cells: dict[str, str]
    seen: dict[str, Seen] = dataclasses.field(default_factory=dict)
    story: list[str] = dataclasses.field(default_factory=list)
    replay: Replay | None = None
    plan: Any = None

    def run(self, runner: Runner, name: str) -> None:
        """Run one cell."""
        self.story.append(f"run {name}")
        self.seen[name] = runner.run(name, self.cells[name])

    def document(self) -> Document:
        """Return the present document."""
        return Document(
            cells=tuple(
                Cell(id=CellId(name), source=source, digest=source_digest(source), label=name)
                for name, source in self.cells.items()
            ),
            origin="given",
        )

    def judge(self, runner: Runner) -> None:
        """Ask for the verdicts and the plan."""
        from jupyter_repro.kernel.extension import session_of
        from jupyter_repro.kernel.verdict import plan_of, walk

        session = session_of(runner.shell)
        assert session is not None
        assert session.recording_faults() == (), session.boundary.last_traceback
        self.replay = walk(session, self.document())
        self.plan = plan_of(self.replay, session)

    def verdicts(self) -> dict[str, str]:
        """Return cell -> verdict."""
        assert self.replay is not None
        return {str(said.id): said.verdict for said in self.replay.verdicts}

    def told(self) -> str:
        """Return everything, for a failure's message."""
        lines = [*self.story]
        assert self.replay is not None
        for said in self.replay.verdicts:
            seen = self.seen.get(str(said.id))
            lines += [f"--- {said.id}: {said.verdict} {said.why}", self.cells[str(said.id)]]
            lines += [f"=> {seen.shown}"] if seen else []
        return "\n".join(lines)


def straight_session(seed: int, make_shell: Callable[[], Any]) -> Session:
    """Run a transparent notebook once, top to bottom, and judge it."""
    rng = random.Random(seed)
    sources = Writer(rng, transparent=True).notebook(rng.randint(4, 10))
    session = Session({f"c{number}": source for number, source in enumerate(sources)})
    runner = Runner(make_shell, watched=True)
    try:
        for name in list(session.cells):
            session.run(runner, name)
            if "Error" in session.seen[name].shown.partition(":")[0]:
                break
        session.judge(runner)
    finally:
        runner.close()
    return session


def random_session(
    seed: int, make_shell: Callable[[], Any], then: Callable[[Session, Runner], None] | None = None
) -> Session:
    """Run a random notebook with the detours that people take, and judge it.

    ``then`` is called while the shell still lives.
    """
    rng = random.Random(seed)
    writer = Writer(rng)
    session = Session({f"c{n}": source for n, source in enumerate(writer.notebook(rng.randint(3, 8)))})
    runner = Runner(make_shell, watched=True)
    try:
        for name in list(session.cells):
            if rng.random() < 0.95 or name == "c0":
                session.run(runner, name)
        for _ in range(rng.randint(1, 7)):
            _detour(session, runner, writer, rng)
        session.judge(runner)
        if then is not None:
            then(session, runner)
    finally:
        runner.close()
    return session


def _detour(session: Session, runner: Runner, writer: Writer, rng: random.Random) -> None:
    names = list(session.cells)
    name = rng.choice(names[1:])
    what = rng.choice(
        ("rerun", "rerun", "rerun", "edit", "edit", "revert", "delete", "move", "below", "insert")
    )
    if what == "rerun":
        session.run(runner, name)
    elif what in ("edit", "revert"):
        former = session.cells[name]
        session.cells[name] = writer.cell() if rng.random() < 0.6 else _varied(former, rng)
        session.story.append(f"edit {name} to {session.cells[name]!r}")
        if rng.random() < 0.8 or what == "revert":
            session.run(runner, name)
        if what == "revert":
            session.cells[name] = former
            session.story.append(f"revert {name}")
            if rng.random() < 0.4:
                session.run(runner, name)
    elif what == "delete" and len(names) > 3:
        del session.cells[name]
        session.story.append(f"delete {name}")
    elif what == "move":
        source = session.cells.pop(name)
        rest = list(session.cells.items())
        place = rng.randint(1, len(rest))
        session.cells = dict([*rest[:place], (name, source), *rest[place:]])
        session.story.append(f"move {name} to {place}")
    elif what == "below":
        for later in names[names.index(name) :]:
            session.run(runner, later)
    elif what == "insert":
        new = f"n{len(session.story)}"
        rest = list(session.cells.items())
        place = rng.randint(1, len(rest))
        session.cells = dict([*rest[:place], (new, writer.cell()), *rest[place:]])
        session.story.append(f"insert {new} at {place}")
        session.run(runner, new)


def _varied(source: str, rng: random.Random) -> str:
    """Change one number, or nothing but a comment."""
    digits = [place for place, char in enumerate(source) if char in "01234"]
    if not digits or rng.random() < 0.2:
        return f"{source}  # note"
    place = rng.choice(digits)
    return source[:place] + str(rng.randint(0, 4)) + source[place + 1 :]


def truth(cells: dict[str, str], make_shell: Callable[[], Any]) -> dict[str, Seen]:
    """Run the document top to bottom in a fresh shell; an error ends it."""
    runner = Runner(make_shell, watched=False)
    found: dict[str, Seen] = {}
    for name, source in cells.items():
        found[name] = runner.run(name, source)
        if "Error" in found[name].shown.partition(":")[0]:
            break
    return found


def differing(session: Session, real: dict[str, Seen]) -> dict[str, str]:
    """Return the cells that run-all would show or leave otherwise, with the difference."""
    found = {}
    for name, seen in session.seen.items():
        if name not in session.cells or seen.source != session.cells[name]:
            continue
        if name not in real:
            found[name] = "not reached"
        elif seen.shown != real[name].shown:
            found[name] = f"shows {seen.shown}, would show {real[name].shown}"
        else:
            for key in sorted(seen.bound | real[name].bound):
                if seen.after.get(key) != real[name].after.get(key):
                    found[name] = f"left {key}={seen.after.get(key)}, would leave {real[name].after.get(key)}"
                    break
    return found
