"""Copies of what a cell may change, put in the place of the originals for the second run, and taken out again."""

from __future__ import annotations

import copy
import enum
import os
import types
import warnings
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import TooMuch

from .reach import Apart, contents, reach
from .special import add_gradients, copy_specially

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reach import Reached

__all__ = ["Copies"]

_ATTEMPTS = 25
_EMPTY = object()
_KEEP = frozenset(("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__"))
_CODE = (
    types.FunctionType, staticmethod, classmethod, property, types.MemberDescriptorType,
    types.GetSetDescriptorType,
)  # fmt: skip


class Copies:
    """The user's names as they were before a cell, apart from the objects themselves.

    Args:
        namespace: The user's names.
        wanted: Those that the cell may reach.

    Raises:
        TooMuch: They are too many or too big.
    """

    def __init__(self, namespace: dict[str, Any], wanted: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.identities = {name: id(value) for name, value in namespace.items()}
        """What the names stood for; to hold the values themselves would keep alive what the cell frees."""
        found = reach(wanted, namespace)
        _refuse_size(found.size)
        self._apart: list[Apart] = list(found.apart)
        self._functions = found.functions
        self._classes = [each for each in found.classes if not issubclass(each, enum.Enum)]
        self._names, self._function_copies, self._class_copies = self._copied(wanted, found)
        self.apart = tuple(msgspec.structs.replace(each, value=None) for each in self._apart)
        """What could not be copied: both runs use it."""
        self._apart.clear()
        self._after: tuple[dict[str, Any], list[Any], list[Any]] | None = None
        self._second: dict[str, Any] | None = None

    def _copied(
        self, wanted: Mapping[str, Any], found: Reached
    ) -> tuple[dict[str, Any], list[Any], list[Any]]:
        """Copy everything with one memory of what was copied; names that cannot be copied stay as they are."""
        shared: dict[int, Any] = {id(each): each for each in found.sentinels}
        shared |= {id(each.value): each.value for each in found.apart if each.value is not None}
        for _ in range(_ATTEMPTS):
            # deepcopy takes what stands here for the copy
            memo = dict(shared)
            apart = copy_specially(found, memo)
            memo.update(shared)
            copies, failed, why = _copied_names(wanted, memo)
            if not failed:
                functions = [copy.deepcopy(_function_state(each), memo) for each in self._functions]
                classes = [_copied_class(each, memo) for each in self._classes]
                add_gradients(found, memo)
                self._apart += apart
                return copies, functions, classes
            self._apart.append(Apart(failed, why, moves=True))
            shared |= reach({failed: wanted[failed]}, self._namespace).objects
        raise TooMuch("too many names cannot be copied", remedy="split the cell")

    def put_in(self) -> None:
        """Put everything where it was before the first run, keeping what that run left."""
        self._after = (
            dict(self._namespace),
            [_function_state(each) for each in self._functions],
            [dict(vars(each)) for each in self._classes],
        )
        # a name that the cell does not read and has bound anew is not needed
        kept = {
            name: value for name, value in self._namespace.items() if self.identities.get(name) == id(value)
        }
        self._put({**kept, **self._names}, self._function_copies, self._class_copies)

    def take_out(self) -> dict[str, Any]:
        """Put back what the first run left, the very same objects; return the names of the second run."""
        if self._second is None:
            self._second = dict(self._namespace)
        if self._after is not None:
            self._put(*self._after)
            if list(self._namespace) != list(self._after[0]):
                self._namespace.clear()
                self._namespace.update(self._after[0])
        return self._second

    @property
    def first(self) -> dict[str, Any]:
        """The names that the first run left."""
        return self._namespace if self._after is None else self._after[0]

    def _put(self, names: dict[str, Any], functions: list[Any], classes: list[Any]) -> None:
        for name in [name for name in self._namespace if name not in names]:
            del self._namespace[name]
        for name, value in names.items():
            if self._namespace.get(name, _EMPTY) is not value:
                self._namespace[name] = value
        for function, state in zip(self._functions, functions, strict=True):
            _put_function(function, state)
        for kind, attributes in zip(self._classes, classes, strict=True):
            _put_class(kind, attributes)


def _copied_names(wanted: Mapping[str, Any], memo: dict[int, Any]) -> tuple[dict[str, Any], str, str]:
    """Return the copies, and the first name that could not be copied with the reason, empty if all could."""
    copies: dict[str, Any] = {}
    name = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, value in wanted.items():
                copies[name] = copy.deepcopy(value, memo)
    except Exception as error:  # noqa: BLE001 - the user's classes and libraries may raise anything
        return copies, name, f"{type(error).__name__}: {' '.join(str(error).split())[:80]}"
    return copies, "", ""


def _refuse_size(size: int) -> None:
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        free = 4 << 30
    if size > free // 2:
        raise TooMuch(
            f"copying what the cell may reach ({size / 1e9:.1f} GB) may not fit into memory",
            remedy="run it on less data",
        )


def _function_state(function: Any) -> tuple[Any, ...]:
    cells = tuple(contents(cell) for cell in function.__closure__ or ())
    return function.__defaults__ or (), function.__kwdefaults__ or {}, function.__dict__, cells


def _put_function(function: Any, state: tuple[Any, ...]) -> None:
    defaults, by_name, attributes, cells = state
    function.__defaults__ = defaults or None
    function.__kwdefaults__ = by_name or None
    function.__dict__ = attributes
    for cell, held in zip(function.__closure__ or (), cells, strict=True):
        if held:
            cell.cell_contents = held[0]
        elif contents(cell):
            del cell.cell_contents


def _copied_class(kind: type, memo: dict[int, Any]) -> dict[str, Any]:
    """Return the attributes of a class, those that hold data copied."""
    return {
        name: value if _is_code(name, value) else copy.deepcopy(value, memo)
        for name, value in vars(kind).items()
    }


def _is_code(name: str, value: Any) -> bool:
    return (
        (name.startswith("__") and name.endswith("__"))
        or name.startswith("_abc_")
        or isinstance(value, _CODE)
    )


def _put_class(kind: type, attributes: Mapping[str, Any]) -> None:
    present = dict(vars(kind))
    for name in present.keys() - attributes.keys() - _KEEP:
        type.__delattr__(kind, name)
    for name, value in attributes.items():
        if name not in _KEEP and present.get(name, _EMPTY) is not value:
            type.__setattr__(kind, name, value)
