"""Names as a scan meets them: what is global, what is surely bound, which functions sleep."""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import TYPE_CHECKING

from .outside import READ_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .names import Names

__all__ = ["Found", "Scope"]

_HISTORY = re.compile(r"^(_{1,3}|_\d+|_i{1,3}|_i\d+|_ih|_oh|_dh|_exit_code|In|Out)$")


@dataclasses.dataclass
class Found:
    """What has been met so far; the words are those of :class:`.names.Names`."""

    reads: set[str] = dataclasses.field(default_factory=set)
    writes: set[str] = dataclasses.field(default_factory=set)
    deletes: set[str] = dataclasses.field(default_factory=set)
    mutates: set[str] = dataclasses.field(default_factory=set)
    may_mutate: set[str] = dataclasses.field(default_factory=set)
    iterates: set[str] = dataclasses.field(default_factory=set)
    calls: set[str] = dataclasses.field(default_factory=set)
    has_calls: bool = False
    branching: bool = False
    repeats: bool = False
    rng_state: bool = False
    opaque: list[str] = dataclasses.field(default_factory=list)
    unrepeatable: list[str] = dataclasses.field(default_factory=list)
    history: set[str] = dataclasses.field(default_factory=set)


class Scope(ast.NodeVisitor):
    """The names at one point of the walk.

    ``bound`` holds the global names that are surely bound at this point; ``hidden`` the local names of the
    function, class or comprehension that is being visited, which are not global.
    """

    def __init__(self, *, analyse: Callable[[str], Names], hidden: frozenset[str] = frozenset()) -> None:
        self.found = Found()
        self.bound: set[str] = set()
        self._analyse = analyse
        self._hidden = hidden
        self._in_function = False
        self._depth = 0
        """How many conditions and loops stand around this point."""
        self._declared_global: set[str] = set()
        self._dormant: dict[str, list[Found]] = {}
        """Bodies of functions defined here that nothing has used yet, by name."""
        self.bodies: dict[str, list[Found]] = {}
        """All functions and classes defined here, by name."""
        self._awaited: set[str] = set()
        """Names that bodies read which may be called from now on: what is defined under them is awake."""

    def visit_Name(self, node: ast.Name) -> None:
        """A read, a binding or a deletion."""
        if isinstance(node.ctx, ast.Load):
            self._read(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._delete(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        """Names that a function binds in the cell."""
        self._declared_global.update(node.names)

    def _is_global(self, name: str) -> bool:
        return name in self._declared_global or name not in self._hidden

    def _globals(self, names: Iterable[str]) -> set[str]:
        return {name for name in names if self._is_global(name)}

    def _read(self, name: str) -> None:
        if not self._is_global(name):
            return
        self._rouse(name)
        if name in self.bound:
            return
        if _HISTORY.match(name):
            self.found.history.add(name)
        else:
            self.found.reads.add(name)
            if name in READ_BY_NAME:
                self.found.opaque.append(f"`{name}`")

    def _bind(self, name: str) -> None:
        if self._in_function and name not in self._declared_global:
            return
        if not self._is_global(name):
            return
        self.found.writes.add(name)
        if not self._depth:
            self._dormant.pop(name, None)
        if not self._in_function:
            self.bound.add(name)

    def _delete(self, name: str) -> None:
        if self._is_global(name):
            self._read(name)
            self.found.deletes.add(name)
            self.bound.discard(name)

    def _sleep(self, name: str, bodies: Iterable[Found]) -> None:
        """Keep the bodies of what has just been bound to ``name`` until something uses it."""
        bodies = list(bodies)
        self.bodies.setdefault(name, []).extend(bodies)
        if name in self._awaited:
            for body in bodies:
                self._wake(body)
        else:
            self._dormant.setdefault(name, []).extend(bodies)

    def _rouse(self, name: str) -> None:
        for body in self._dormant.pop(name, ()):
            self._wake(body)

    def _wake(self, body: Found) -> None:
        """A function defined here may be called from now on: its names count."""
        found = self.found
        found.reads |= body.reads - self.bound
        found.writes |= body.writes
        found.deletes |= body.deletes
        found.may_mutate |= body.mutates | body.may_mutate
        found.iterates |= body.iterates
        found.calls |= body.calls
        found.has_calls = found.has_calls or body.has_calls
        found.branching = found.branching or body.branching or (self._depth > 0 and body.has_calls)
        found.repeats = found.repeats or body.repeats
        found.rng_state = found.rng_state or body.rng_state
        found.opaque += body.opaque
        found.unrepeatable += body.unrepeatable
        found.history |= body.history - self.bound
        self._awaited |= body.reads
        for name in sorted(body.reads):
            self._rouse(name)
