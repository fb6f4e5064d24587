"""Globals reached through live functions, methods, classes and generators that a cell uses.

User code is never called: objects are looked at through their types, by identity. Containers and objects
are followed to what they hold, nearest first, up to a limit; beyond it every function of the notebook
counts as reached.
"""

from __future__ import annotations

import collections
import types
from typing import TYPE_CHECKING, Any

import msgspec

from .behind import TOO_WIDE, parts_of
from .code_names import CodeNames, names_of
from .names import analyse
from .patched import is_users_module, put_into
from .shares import ATOMS
from .unrepeatable import Called, full_name, spelled_out, why_unrepeatable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Reached", "reach"]


class Reached(msgspec.Struct, frozen=True):
    """The globals behind some names."""

    reads: frozenset[str] = frozenset()
    """Also names that do not exist now: a function may handle that."""
    mutates: frozenset[str] = frozenset()
    """Globals that a function binds or deletes (``global x``)."""
    calls: bool = False
    """A function of the user's calls something, or works on objects that may."""
    branching: bool = False
    """A function calls something under a condition or in a loop."""
    rng_state: bool = False
    opaque: tuple[str, ...] = ()
    unrepeatable: tuple[str, ...] = ()
    modules: frozenset[str] = frozenset()
    """The user's own modules whose functions are reached."""
    complete: bool = True
    """False: there was too much to look at, and every function of the notebook counts as reached."""
    why: str = ""


_NOTHING = Reached()


def reach(
    names: Iterable[str],
    namespace: Mapping[str, Any],
    *,
    called: Iterable[Called] = (),
    limit: int = 2000,
    patched: bool = False,
) -> Reached:
    """Return the globals that the functions and classes among ``names`` may use, transitively.

    Args:
        names: Names that a cell reads or calls.
        namespace: The globals of the user's functions.
        called: Calls that the cell makes, see :attr:`.names.Names.called`.
        limit: Objects to look at, at the most.
        patched: A cell has assigned attributes of a module or class: look at those of libraries anew.
    """
    called = tuple(called)
    values = [value for name in names if type(value := namespace.get(name)) not in _DULL]
    if not values and not called:
        return _NOTHING
    walk = _Walk(namespace, limit=limit, patched=patched)
    walk.ask(called, namespace)
    walk.follow(values)
    return walk.found()


_DULL = ATOMS - {types.ModuleType}
"""Nothing is behind a value of these types."""


class _Walk:
    """One search, nearest objects first."""

    def __init__(self, namespace: Mapping[str, Any], *, limit: int, patched: bool) -> None:
        self.namespace = namespace
        self.home = namespace.get("__name__", "__main__")
        self.limit = limit
        self.patched = patched
        self.seen: set[int] = set()
        self.codes: dict[types.CodeType, CodeNames] = {}
        """Of functions that the names lead to, not only a module that they stand in."""
        self.reads: set[str] = set()
        self.mutates: set[str] = set()
        self.modules: dict[str, Any] = {}
        self.entered: set[str] = set()
        self.why = ""
        self.unrepeatable: dict[str, None] = {}

    def ask(self, called: Iterable[Called], held: Mapping[str, Any]) -> None:
        """Look at the objects behind the names of calls: clocks and entropy under other names."""
        for call in called:
            full = full_name(call.dotted, held) or spelled_out(call.dotted, {})
            if call.argument and held.get(call.argument, call) is None:
                call = call._replace(none=True)  # noqa: PLW2901 - the same call, with what is known now
            reason = why_unrepeatable(full, call)
            if call.dotted == "id" and "id" not in held:
                reason = "it asks for the address of an object (`id`)"
            if reason:
                self.unrepeatable[reason] = None

    def follow(self, values: Iterable[Any]) -> None:
        """Look at the values and at all behind them."""
        self._walk(values, counted=True)
        # what stands in a user's module may have been given functions of the notebook to call
        while self.modules.keys() - self.entered and not self.why:
            name = min(self.modules.keys() - self.entered)
            self.entered.add(name)
            self._walk(self.modules[name].values(), counted=False)
        if self.why:
            self._take_all()

    def _walk(self, values: Iterable[Any], *, counted: bool) -> None:
        todo = collections.deque(value for value in values if type(value) not in _DULL)
        seen = self.seen
        while todo:
            value = todo.popleft()
            here = id(value)  # once: audit hooks hear of it
            if here in seen:
                continue
            if len(seen) >= self.limit:
                self.why = f"more than {self.limit} objects"
                return
            seen.add(here)
            kind = type(value)
            if kind in _CODED:
                todo.extend(self._code(value, counted=counted))
            try:
                if kind is types.ModuleType or issubclass(kind, type):
                    parts = self._of_holder(value)
                else:
                    parts = parts_of(value)
                if parts is TOO_WIDE:
                    self.why = "a container that is too long to look through"
                    return
                todo.extend([part for part in parts if type(part) not in _DULL])
            except RuntimeError:
                self.why = "a container that a thread changes meanwhile"
                return

    def _code(self, value: Any, *, counted: bool) -> Iterable[Any]:
        """Take in the code of a function; return the globals that it uses."""
        code, held = _code_of(value)
        if code is None or held is None:
            return ()
        here = held is self.namespace
        if not here and not is_users_module(held):
            return ()
        names = names_of(code)
        if here:
            self.reads |= names.reads
            self.mutates |= names.binds
        else:
            self.modules.setdefault(str(held.get("__name__")), held)
        if (here or counted) and code not in self.codes:
            self.codes[code] = names
            self.ask(names.called, held)
        return [found for name in sorted(names.reads) if type(found := held.get(name)) not in _DULL]

    def _of_holder(self, value: Any) -> Iterable[Any]:
        """Return what a module or class holds; of a library's only what the notebook has put there."""
        if type(value) is types.ModuleType:
            held = value.__dict__
            if is_users_module(held):
                self.modules.setdefault(str(held.get("__name__")), held)
                return ()
            return put_into(value, held, self.home, anew=self.patched)
        held = type.__getattribute__(value, "__dict__")
        bases = type.__getattribute__(value, "__bases__")
        meta = type(value)
        module = type.__getattribute__(value, "__module__") if "__module__" in held else ""
        if module == self.home or module in self.modules:
            return (*held.values(), *bases, meta)
        if value in (type, object):
            return ()
        return (*put_into(value, held, self.home, anew=self.patched), *bases)

    def _take_all(self) -> None:
        """Too much to look at: every function and class of the notebook may be behind it."""
        for value in list(self.namespace.values()):
            held = (value,)
            if issubclass(type(value), type) and type.__getattribute__(value, "__module__") == self.home:
                held = tuple(type.__getattribute__(value, "__dict__").values())
            for part in held:
                self._code(getattr(part, "__func__", part) if type(part) in _METHODS else part, counted=True)
        sources = self.namespace.get("In", ())
        for source in sources if type(sources) is list else ():
            for each in analyse(source).functions if type(source) is str else ():
                self.reads |= each.uses
                self.mutates |= each.changes

    def found(self) -> Reached:
        """Return all together."""
        used = tuple(self.codes.values())
        if not (used or self.why or self.modules or self.unrepeatable):
            return _NOTHING
        opaque = dict.fromkeys(reason for code in used for reason in code.opaque)
        return Reached(
            reads=frozenset(self.reads),
            mutates=frozenset(self.mutates),
            calls=bool(self.why) or any(code.calls for code in used),
            branching=bool(self.why) or any(code.branching for code in used),
            rng_state=any(code.rng_state for code in used),
            # a notebook may have an `eval` of its own
            opaque=tuple(reason for reason in opaque if reason.strip("`") not in self.namespace),
            unrepeatable=tuple(self.unrepeatable),
            modules=frozenset(self.modules),
            complete=not self.why,
            why=self.why,
        )


_CODED = frozenset((types.FunctionType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType))
_METHODS = (staticmethod, classmethod)


def _code_of(value: Any) -> tuple[types.CodeType | None, Any]:
    """Return the code of a function or running generator, and the globals that it sees."""
    kind = type(value)
    if kind is types.FunctionType:
        return value.__code__, value.__globals__
    if kind is types.GeneratorType:
        return value.gi_code, getattr(value.gi_frame, "f_globals", None)
    if kind is types.CoroutineType:
        return value.cr_code, getattr(value.cr_frame, "f_globals", None)
    if kind is types.AsyncGeneratorType:
        return value.ag_code, getattr(value.ag_frame, "f_globals", None)
    return None, None
