"""A session as a program: a notebook and what its user does, known in full before anything runs."""

from __future__ import annotations

import dataclasses
import random
from typing import Literal

from truth.families import FAMILIES
from truth.writer import CORE, Text, Writer

__all__ = ["Act", "Program", "program_of"]

Doing = Literal["run", "run in turn", "edit", "delete", "move", "insert", "touch"]
Governing = Literal["configured", "cell", "none"]

_FOCUS = tuple(name for name in FAMILIES if name not in CORE)
_DETOURS = (
    "rerun", "rerun", "rerun", "edit", "edit", "revert", "delete", "move", "swap", "below", "insert", "copy", "touch",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Act:
    """One thing that the user does."""

    do: Doing
    cells: tuple[str, ...] = ()
    """Which cells; ``run in turn`` stops at an error, as a front end does."""
    source: str = ""
    place: int = 0
    file: str = ""


@dataclasses.dataclass(frozen=True)
class Program:
    """A whole session."""

    seed: int
    focus: tuple[str, ...]
    governing: Governing
    """Who seeds: the configuration, the first cell, nobody."""
    bare: bool
    """The libraries are imported by the cells, and were not in the process before."""
    cells: tuple[tuple[str, str], ...]
    acts: tuple[Act, ...]
    families: dict[str, frozenset[str]]
    """Source -> families."""
    tagged: frozenset[str] = frozenset()
    """Cells with the tag ``raises-exception``: run-all goes on after their errors."""

    def final(self) -> dict[str, str]:
        """Return the document as it stands at the end."""
        cells = dict(self.cells)
        for act in self.acts:
            cells = changed(cells, act)
        return cells

    def told(self) -> str:
        """Return the program as lines of text."""
        lines = [
            f"session {self.seed}: {', '.join(self.focus)}; seeded by {self.governing}; {'bare' if self.bare else 'preloaded'}"
        ]
        lines += [f"  [{name}] {source!r}" for name, source in self.cells]
        lines += [
            "  " + " ".join(str(part) for part in dataclasses.astuple(act) if part not in ((), "", 0))
            for act in self.acts
        ]
        return "\n".join(lines)


def changed(cells: dict[str, str], act: Act) -> dict[str, str]:
    """Return the document after an act."""
    if act.do == "edit":
        return {**cells, act.cells[0]: act.source}
    if act.do == "delete":
        return {name: source for name, source in cells.items() if name != act.cells[0]}
    if act.do in ("move", "insert"):
        name = act.cells[0]
        source = cells.get(name, act.source)
        rest = [item for item in cells.items() if item[0] != name]
        return dict([*rest[: act.place], (name, source), *rest[act.place :]])
    return cells


def program_of(seed: int, *, straight: bool = False, families: tuple[str, ...] = ()) -> Program:
    """Return the session of this number.

    Args:
        seed: Its number.
        straight: The notebook is run once, top to bottom.
        families: What to choose the focus from; all if empty.
    """
    return _Teller(seed, straight=straight, families=families).program()


class _Teller:
    def __init__(self, seed: int, *, straight: bool, families: tuple[str, ...]) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.straight = straight
        choice = families or _FOCUS
        self.focus = tuple(self.rng.sample(choice, min(len(choice), self.rng.randint(1, 3))))
        if not families and self.rng.random() < 0.4 and "functions" not in self.focus:
            self.focus = ("functions", *self.focus)
        self.writer = Writer(self.rng, self.focus)
        self.texts: dict[str, frozenset[str]] = {}
        self.acts: list[Act] = []
        self.cells: dict[str, str] = {}
        self.count = 0

    def program(self) -> Program:
        tags = self.rng.random() < 0.5
        governing: Governing = self.rng.choice(("configured", "configured", "cell", "none"))
        bare = self.rng.random() < 0.1
        length = self.rng.randint(3, 8)
        texts = self.writer.notebook(length)
        if governing == "cell":
            texts.insert(0, Text("%load_ext jupyter_repro\n%repro seed=42", frozenset()))
        cells = {f"c{at}": self._noted(text) for at, text in enumerate(texts)}
        self.cells = dict(cells)
        self.first = list(cells)[-length]
        self._first_pass()
        if not self.straight:
            for _ in range(self.rng.randint(1, 7)):
                self._detour()
        erring = {name for name, source in self.cells.items() if "errors" in self.texts[source]}
        return Program(
            self.seed,
            self.focus,
            governing,
            bare,
            tuple(cells.items()),
            tuple(self.acts),
            self.texts,
            frozenset(erring) if tags else frozenset(),
        )

    def _noted(self, text: Text) -> str:
        self.texts[text.source] = text.families
        return text.source

    def _do(self, act: Act) -> None:
        self.acts.append(act)
        self.cells = changed(self.cells, act)

    def _first_pass(self) -> None:
        names = list(self.cells)
        if self.straight or self.rng.random() < 0.3:
            self._do(Act("run in turn", tuple(names)))
            return
        for name in names:
            if name == names[0] or self.rng.random() < 0.95:
                self._do(Act("run", (name,)))

    def _detour(self) -> None:
        names = list(self.cells)
        what = self.rng.choice(_DETOURS)
        name = self.rng.choice(names[self._low(names) :])
        getattr(self, f"_{what}")(name, names)

    def _low(self, names: list[str]) -> int:
        """Return the place above which most people touch nothing: the cells that make the first values."""
        if self.rng.random() < 0.2 or self.first not in names:
            return 1
        return max(1, min(names.index(self.first), len(names) - 1))

    def _rerun(self, name: str, _: list[str]) -> None:
        self._do(Act("run", (name,)))

    def _edit(self, name: str, _: list[str]) -> None:
        self._change(name)
        if self.rng.random() < 0.85:
            self._do(Act("run", (name,)))

    def _revert(self, name: str, _: list[str]) -> None:
        former = self.cells[name]
        self._change(name)
        self._do(Act("run", (name,)))
        self._do(Act("edit", (name,), former))
        if self.rng.random() < 0.4:
            self._do(Act("run", (name,)))

    def _change(self, name: str) -> None:
        former = self.cells[name]
        if self.rng.random() < 0.5:
            source = self._noted(self.writer.cell())
        else:
            source = _varied(former, self.rng)
            self.texts[source] = self.texts[former]
        self._do(Act("edit", (name,), source))

    def _delete(self, name: str, names: list[str]) -> None:
        if len(names) > 3:
            self._do(Act("delete", (name,)))

    def _move(self, name: str, names: list[str]) -> None:
        self._do(Act("move", (name,), place=self.rng.randint(self._low(names), len(names) - 1)))

    def _swap(self, name: str, names: list[str]) -> None:
        at = names.index(name)
        if at + 1 < len(names):
            self._do(Act("move", (name,), place=at + 1))

    def _below(self, name: str, names: list[str]) -> None:
        self._do(Act("run in turn", tuple(names[names.index(name) :])))

    def _insert(self, _: str, names: list[str]) -> None:
        self._new(self._noted(self.writer.cell()), names)

    def _copy(self, name: str, names: list[str]) -> None:
        self._new(self.cells[name], names)

    def _new(self, source: str, names: list[str]) -> None:
        self.count += 1
        new = f"n{self.count}"
        self._do(Act("insert", (new,), source, self.rng.randint(self._low(names), len(names))))
        self._do(Act("run", (new,)))

    def _touch(self, _: str, __: list[str]) -> None:
        file, source = self.rng.choice(
            (
                ("data.csv", f"p,q\n1,{self.rng.randint(0, 9)}\n3,4\n"),
                ("helper.py", f"SCALE = {self.rng.randint(2, 5)}\nSEEN = []\n\n\ndef scaled(z):\n    return z * SCALE\n\n\ndef counted():\n    SEEN.append(1)\n    return len(SEEN)\n"),
                ("script.py", f"from_script = {self.rng.randint(2, 5)}\n"),
                ("out.txt", "from outside"),
            )
        )  # fmt: skip
        self._do(Act("touch", source=source, file=file))


def _varied(source: str, rng: random.Random) -> str:
    """Change one number, or nothing but a comment."""
    digits = [place for place, char in enumerate(source) if char in "01234"]
    if not digits or rng.random() < 0.2:
        return f"{source}\n# note" if source.startswith("%%") else f"{source}  # note"
    place = rng.choice(digits)
    return source[:place] + str(rng.randint(0, 4)) + source[place + 1 :]
