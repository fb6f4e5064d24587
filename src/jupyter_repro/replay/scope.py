"""Names as a scan meets them: what is global, what is surely bound, which functions sleep."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import msgspec

from .outside import READ_BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .names import Names, Stars
    from .unrepeatable import Called

__all__ = ["ClassScope", "Found", "Scope", "is_history"]

_HISTORY = re.compile(r"^(_{1,3}|_\d+|_i{1,3}|_i\d+|_ih|_oh|_dh|_exit_code|In|Out)$")


def is_history(name: str) -> bool:
    """Tell whether the shell keeps inputs and results under this name."""
    return name[0] in "_IO" and bool(_HISTORY.match(name))


class Found(msgspec.Struct):
    """What has been met so far; the words are those of :class:`.names.Names`."""

    reads: set[str] = msgspec.field(default_factory=set)
    writes: set[str] = msgspec.field(default_factory=set)
    deletes: set[str] = msgspec.field(default_factory=set)
    mutates: set[str] = msgspec.field(default_factory=set)
    may_mutate: set[str] = msgspec.field(default_factory=set)
    iterates: set[str] = msgspec.field(default_factory=set)
    calls: set[str] = msgspec.field(default_factory=set)
    has_calls: bool = False
    branching: bool = False
    conditional: bool = False
    repeats: bool = False
    rng_state: bool = False
    opaque: list[str] = msgspec.field(default_factory=list)
    unrepeatable: list[str] = msgspec.field(default_factory=list)
    called: set[Called] = msgspec.field(default_factory=set)
    stars: list[str] = msgspec.field(default_factory=list)
    history: set[str] = msgspec.field(default_factory=set)
    later_history: set[str] = msgspec.field(default_factory=set)
    """Of these, what functions read, whenever they are called."""
    imports: set[tuple[str, str]] = msgspec.field(default_factory=set)
    imported: set[tuple[str, str]] = msgspec.field(default_factory=set)
    assigned: set[str] = msgspec.field(default_factory=set)
    asked: set[str] = msgspec.field(default_factory=set)
    ensured: set[str] = msgspec.field(default_factory=set)


class ClassScope(msgspec.Struct):
    """The body of a class while it is visited. What is defined in it sees none of its names."""

    names: frozenset[str]
    """What the body binds without declaring it global."""
    bound: set[str] = msgspec.field(default_factory=set)
    """What of it is surely bound so far; until then a read is one of a global."""
    dormant: dict[str, list[Found]] = msgspec.field(default_factory=dict)


class Scope(ast.NodeVisitor):
    """The names at one point of the walk.

    ``bound`` holds the global names that are surely bound at this point; ``hidden`` the local names of the
    functions and comprehensions around it, which are not global.
    """

    def __init__(
        self, *, analyse: Callable[[str], Names], hidden: frozenset[str] = frozenset(), stars: Stars = ()
    ) -> None:
        self.found = Found()
        self.bound: set[str] = set()
        self._analyse = analyse
        self._stars = dict(stars)
        self._hidden = hidden
        self._class: ClassScope | None = None
        self._in_function = False
        self._depth = 0
        """How many conditions and loops stand around this point."""
        self._loops = 0
        self._declared_global: set[str] = set()
        self._dormant: dict[str, list[Found]] = {}
        """Bodies of functions defined here that nothing has used yet, by name."""
        self.bodies: dict[str, list[Found]] = {}
        """All functions and classes defined here, by name."""
        self._awaited: set[str] = set()
        """Names that bodies or loops read, and so may use later: what is defined under them is awake."""
        self._aliases: dict[str, set[str]] = {}
        """Name -> names whose objects, or parts of them, were bound to it or put into it; locals too."""
        self._acted: set[str] = set()
        """Names whose objects were called, iterated or changed; locals too."""
        self._texts: dict[str, str] = {}
        """Global names that are surely bound to a text known here."""
        self._imports: dict[str, str] = {}
        """Names bound by imports here, with the full names of what they stand for."""
        self._asked: ast.expr | None = None
        """An expression of which only the kind is asked."""

    # -- the walk, without what `ast.NodeVisitor` looks up anew at each node ---------------------------

    def visit(self, node: ast.AST) -> Any:
        """Visit a node."""
        kind = type(node)
        if kind is ast.Name and type(node.ctx) is ast.Load:  # type: ignore[attr-defined]  # a Name, by its kind
            self._read(node.id)  # type: ignore[attr-defined]  # as above
            return
        visitor = _VISITORS.get(kind)
        if visitor is None:
            own = type(self)
            visitor = _VISITORS[kind] = getattr(own, f"visit_{kind.__name__}", own.generic_visit)
        visitor(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        """Visit the parts of a node, in the order they are written."""
        for field in node._fields:
            value = getattr(node, field, None)
            if type(value) is list:
                for part in value:
                    if isinstance(part, ast.AST):
                        self.visit(part)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def _nothing(self, node: ast.AST) -> None:
        """Constants, contexts and operators name nothing."""

    visit_Load = visit_Store = visit_Del = visit_Nonlocal = visit_Pass = _nothing  # noqa: N815 - ast's spelling

    def visit_Name(self, node: ast.Name) -> None:
        """A read, a binding or a deletion."""
        if type(node.ctx) is ast.Load:
            self._read(node.id)
        elif type(node.ctx) is ast.Store:
            self._bind(node.id)
        else:
            self._delete(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        """Names that a function binds in the cell."""
        self._declared_global.update(node.names)

    # -- names ------------------------------------------------------------------------------------------

    def _is_global(self, name: str) -> bool:
        around = self._class
        if around is not None and name in around.names:
            return name not in around.bound
        return name not in self._hidden or name in self._declared_global

    def _globals(self, names: Iterable[str]) -> set[str]:
        return {name for name in names if self._is_global(name)}

    def _read(self, name: str) -> None:
        if name in self.bound and not self._loops and self._class is None and name not in self._dormant:
            return  # the most frequent case, told fast
        if not self._is_global(name):
            if self._class is not None:
                for body in self._class.dormant.pop(name, ()):
                    self._wake(body)
            return
        if name in self._dormant:
            self._rouse(name)
        if self._loops:
            self._awaited.add(name)
        if name in self.bound:
            return
        if is_history(name):
            self.found.history.add(name)
        else:
            self.found.reads.add(name)
            if name in READ_BY_NAME:
                self.found.opaque.append(f"`{name}`")

    def _bind(self, name: str, *, imported: str = "") -> None:
        if self._class is not None and name in self._class.names:
            self._class.bound.add(name)
            return
        if self._in_function and name not in self._declared_global:
            return
        if not self._is_global(name):
            return
        self.found.writes.add(name)
        if imported:
            self.found.imported.add((name, imported))
        else:
            self.found.assigned.add(name)
        self._texts.pop(name, None)
        self._imports.pop(name, None)
        if not self._depth:
            self._dormant.pop(name, None)
        if not self._in_function:
            self.bound.add(name)

    def _delete(self, name: str) -> None:
        if self._class is not None and name in self._class.names:
            self._class.bound.discard(name)
        elif self._is_global(name):
            self._read(name)
            self.found.deletes.add(name)
            self.bound.discard(name)

    def _unbind(self, name: str) -> None:
        """``except E as e`` deletes e at its end."""
        if self._class is not None and name in self._class.names:
            self._class.bound.discard(name)
        elif not self._in_function or name in self._declared_global:
            self.found.deletes.add(name)
            self.bound.discard(name)

    # -- functions that are defined here ----------------------------------------------------------------

    def _sleep(self, name: str, bodies: Iterable[Found]) -> None:
        """Keep the bodies of what has just been bound to ``name`` until something uses it."""
        bodies = list(bodies)
        if self._class is not None and name in self._class.names:
            self._class.dormant.setdefault(name, []).extend(bodies)
            return
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
        found.conditional = found.conditional or body.conditional
        found.repeats = found.repeats or body.repeats
        found.rng_state = found.rng_state or body.rng_state
        # a notebook may have an `eval` of its own
        found.opaque += [why for why in body.opaque if why.strip("`").partition("`")[0] not in self.bound]
        found.unrepeatable += body.unrepeatable
        found.called |= {call for call in body.called if call.dotted.partition(".")[0] not in self.bound}
        found.stars += body.stars
        found.history |= body.history - self.bound
        found.later_history |= body.history - self.bound
        self._awaited |= body.reads
        for name in self._texts.keys() & body.writes:
            del self._texts[name]
        for name in sorted(body.reads & self._dormant.keys()):
            self._rouse(name)

    # -- aliases ----------------------------------------------------------------------------------------

    def _act(self, names: Iterable[str]) -> set[str]:
        """Note that something is done with the objects behind the names; return the global ones."""
        names = set(names)
        if not names:
            return names
        self._acted |= names
        return self._globals(names)

    def _alias(self, targets: Iterable[str], sources: Iterable[str]) -> None:
        """The targets reach from now on what the sources reach."""
        sources = set(sources)
        if sources:
            for target in targets:
                self._aliases.setdefault(target, set()).update(sources)

    def follow_aliases(self) -> None:
        """What is done with ``y`` after ``y = x`` may be done with x; whichever came first."""
        todo = list(self._acted & self._aliases.keys())
        seen = set(todo)
        while todo:
            sources = self._aliases.get(todo.pop(), set()) - seen
            seen |= sources
            todo += sources
            self.found.may_mutate |= {name for name in sources if self._is_global(name)} & (
                self.found.reads | self.found.writes
            )


_VISITORS: dict[type[ast.AST], Callable[[Any, Any], None]] = {}
"""Filled as nodes are met; there is one concrete scan, so the kinds of nodes are key enough."""
