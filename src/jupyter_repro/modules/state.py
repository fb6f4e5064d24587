"""The state of a module: its functions and classes by their code, its other globals by their content."""

from __future__ import annotations

import abc
import enum
import functools
import hashlib
import operator
import types
from typing import TYPE_CHECKING, Any

from jupyter_repro.digest.values import Budget, value_digest

from .held import DESCRIPTORS, defined_in, held
from .inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ModuleState"]

_METACLASSES = frozenset((type, abc.ABCMeta))
_CACHED = type(functools.lru_cache(lambda: None))


class Unknown(Exception):
    """Something has no digest; the message says what, and why."""


class ModuleState:
    """The globals of one module, digested anew only where they may have changed.

    A function, a class or an atom keeps its digest as long as it is the same object with the same code; what
    can change inside is looked at every time, within a budget.
    """

    def __init__(self, module: types.ModuleType) -> None:
        self._name = types.ModuleType.__getattribute__(module, "__name__")
        self._globals: dict[str, Any] = types.ModuleType.__getattribute__(module, "__dict__")
        self._kept: dict[str, tuple[list[object], str]] = {}

    def digest(self, *, namespace: Mapping[str, Any], budget: Budget) -> tuple[str | None, str]:
        """Return the digest of the state, or None with the reason."""
        whole = hashlib.blake2b(digest_size=16)
        present = {key: value for key, value in self._globals.copy().items() if type(key) is str}
        for key in sorted(present):
            if key.startswith("__") and key.endswith("__"):
                continue
            value = present[key]
            try:
                part = self._part(key, value, namespace, budget)
            except Unknown as reason:
                return None, f"`{self._name}.{key}`: {reason}"
            whole.update(f"{key} {part}\n".encode("utf-8", "surrogatepass"))
        return whole.hexdigest(), ""

    def _part(self, key: str, value: Any, namespace: Mapping[str, Any], budget: Budget) -> str:
        settles = held(value, self._name)
        kept = self._kept.get(key)
        if settles and kept is not None and _same(kept[0], settles):
            return kept[1]
        part = _digest(_Reader(self._name).plain(value), namespace, budget)
        if settles:
            self._kept[key] = (settles, part)
        else:
            self._kept.pop(key, None)
        return part


def _digest(value: object, namespace: Mapping[str, Any], budget: Budget) -> str:
    found = value_digest(value, budget=budget, namespace=namespace)
    if found is None:
        raise Unknown(budget.why)
    return found


def _same(then: list[object], now: list[object]) -> bool:
    return len(then) == len(now) and all(map(operator.is_, then, now))


class _Reader:
    """Turns the definitions of one module into plain values that have a digest.

    Attributes:
        home: The module's full name.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._open: list[object] = []

    def plain(self, value: Any) -> object:
        """Return a value with the digest that the definition should have."""
        quiet = inert(value)
        if quiet is not None:
            return ("inert", *quiet)
        kind = type(value)
        if any(value is each for each in self._open):
            return ("again", type(value).__name__)
        if kind is types.FunctionType:
            return self._within(value, self._function)
        if kind is _CACHED:
            return ("cached", self.plain(object.__getattribute__(value, "__wrapped__")))
        if kind in (staticmethod, classmethod):
            return (kind.__name__, self.plain(value.__func__))
        if kind is property:
            return ("property", *(self.plain(part) for part in (value.fget, value.fset, value.fdel)))
        if issubclass(kind, type):
            return self._within(value, self._class) if defined_in(value, self._home) else value
        if self._is_plain_object(value):
            return self._within(value, self._object)
        return value

    def _within(self, value: Any, read: Any) -> object:
        self._open.append(value)
        try:
            return read(value)
        finally:
            self._open.pop()

    def _function(self, value: types.FunctionType) -> object:
        module = value.__module__
        if module not in (self._home, "__main__", None) and not self._open[:-1]:
            return ("function of", f"{module}.{value.__qualname__}")
        closed = tuple(self._content(cell) for cell in value.__closure__ or ())
        defaults = tuple(self.plain(default) for default in value.__defaults__ or ())
        by_name = {key: self.plain(default) for key, default in (value.__kwdefaults__ or {}).items()}
        own = {key: self.plain(each) for key, each in value.__dict__.items() if key != "__wrapped__"}
        return ("function", value.__code__, defaults, by_name, closed, own)

    def _content(self, cell: types.CellType) -> object:
        try:
            return self.plain(cell.cell_contents)
        except ValueError:
            return ("empty",)

    def _class(self, value: type) -> object:
        name = type.__getattribute__(value, "__qualname__")
        bases = tuple(
            f"{type.__getattribute__(base, '__module__')}.{type.__getattribute__(base, '__qualname__')}"
            for base in type.__getattribute__(value, "__bases__")
        )
        body = type.__getattribute__(value, "__dict__")
        if issubclass(type(value), enum.EnumMeta):
            members = {key: each.__dict__["_value_"] for key, each in body["_member_map_"].items()}
            methods = {key: each for key, each in body.items() if type(each) is types.FunctionType}
            return ("enum", name, bases, members, {key: self.plain(methods[key]) for key in sorted(methods)})
        meta = type(value)
        if meta not in _METACLASSES and meta.__module__ not in ("typing", "typing_extensions"):
            raise Unknown(f"classes with the metaclass {meta.__name__} are not looked inside")
        return ("class", name, bases, {key: self.plain(each) for key, each in _attributes(body)})

    def _object(self, value: Any) -> object:
        name = type.__getattribute__(type(value), "__qualname__")
        state = object.__getattribute__(value, "__dict__")
        return ("object", name, {key: self.plain(each) for key, each in list(state.items())})

    def _is_plain_object(self, value: Any) -> bool:
        """Whether the value is of a plain class of this module, with all its state in its attributes."""
        kind = type(value)
        if type(kind) not in _METACLASSES or not defined_in(kind, self._home):
            return False
        lineage = type.__getattribute__(kind, "__mro__")[:-1]
        if not all(defined_in(base, self._home) for base in lineage):
            return False
        bodies = [type.__getattribute__(base, "__dict__") for base in lineage]
        slots = any(type(each) is types.MemberDescriptorType for one in bodies for each in one.values())
        return not slots and any(type(one.get("__dict__")) is types.GetSetDescriptorType for one in bodies)


def _attributes(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a class body made, without what Python itself keeps in a class."""
    for key in sorted(body):
        value = body[key]
        if key == "_abc_impl" or type(value) in DESCRIPTORS or type(value).__name__ == "_tuplegetter":
            continue
        if (
            key.startswith("__")
            and key.endswith("__")
            and type(value) not in (types.FunctionType, classmethod)
        ):
            continue
        yield key, value
