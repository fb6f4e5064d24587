"""What a cell may reach from its names: what can be copied, and what cannot."""

from __future__ import annotations

import functools
import gc
import io
import logging
import mmap
import socket
import sys
import threading
import types
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Apart", "Reached", "contents", "is_own", "reach"]

_THREAD = "a thread"
_CACHED = type(functools.lru_cache(str))
_MOST_OBJECTS = 2_000_000
_ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes, type(Ellipsis), type(NotImplemented)))
_AS_THEY_ARE = (
    types.ModuleType, types.CodeType, types.MemberDescriptorType, types.GetSetDescriptorType, logging.Logger,
)  # fmt: skip
_LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.local)
"""Used by both runs: they hold nothing that a result follows from."""
_FRONT_END = frozenset(("IPython", "comm", "ipykernel", "ipywidgets", "zmq"))
_MOVING: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (types.GeneratorType, "a generator"),
    ((types.CoroutineType, types.AsyncGeneratorType), "a coroutine"),
    ((types.FrameType, types.TracebackType), "a stack of calls"),
    (socket.socket, "a connection"),
    ((io.TextIOWrapper, io.BufferedIOBase, io.RawIOBase, mmap.mmap), "an open file"),
)
"""Where a second run would go on from where the first one left them."""


class Apart(msgspec.Struct, frozen=True):
    """An object that cannot be copied as it is."""

    name: str
    """A name that leads to it."""
    why: str
    value: Any = None
    moves: bool = False
    """A run that uses it leaves it elsewhere."""

    @property
    def said(self) -> str:
        """Why, and what became of it."""
        return f"{self.why}, used by both runs" if self.moves or self.why == _THREAD else self.why


class Reached(msgspec.Struct):
    """What was found."""

    apart: list[Apart] = msgspec.field(default_factory=list)
    sentinels: list[Any] = msgspec.field(default_factory=list)
    """Objects that are told by their identity alone, and locks."""
    functions: list[Any] = msgspec.field(default_factory=list)
    """The notebook's own, which stay the same objects."""
    classes: list[type] = msgspec.field(default_factory=list)
    arrays: list[Any] = msgspec.field(default_factory=list)
    """NumPy's, which may share memory."""
    optimizers: list[Any] = msgspec.field(default_factory=list)
    """torch's."""
    gradients: list[Any] = msgspec.field(default_factory=list)
    """torch's tensors that have one."""
    cached: list[Any] = msgspec.field(default_factory=list)
    """Functions under ``lru_cache``."""
    bound: list[tuple[str, Any]] = msgspec.field(default_factory=list)
    """Methods of built-in types, and weak references, each with a name that leads to it."""
    size: int = 0
    """Bytes of memory, roughly."""
    objects: dict[int, Any] = msgspec.field(default_factory=dict)


def reach(names: Mapping[str, Any], namespace: Mapping[str, Any]) -> Reached:
    """Return everything that these names lead to; no code of the user's runs.

    Args:
        names: Where to begin.
        namespace: The globals of the notebook's own functions.

    Raises:
        TooMuch: There are too many objects.
    """
    found = Reached()
    for name, value in names.items():
        waiting = [value]
        while waiting:
            each = waiting.pop()
            if type(each) in _ATOMS or id(each) in found.objects:
                continue
            if len(found.objects) >= _MOST_OBJECTS:
                raise TooMuch(
                    "the cell may reach too many objects to copy them",
                    remedy="run it twice yourself, on less data",
                )
            found.objects[id(each)] = each
            waiting.extend(_parts(found, name, each, namespace))
    return found


def _parts(found: Reached, name: str, value: Any, namespace: Mapping[str, Any]) -> Iterable[Any]:
    """Note what the value is and return what it leads to."""
    kind = type(value)
    if not is_own(value, namespace):
        return ()
    if issubclass(kind, type):
        found.classes.append(value)
        return list(vars(value).values())
    if kind is types.FunctionType:
        found.functions.append(value)
        return list(_of_function(value))
    if kind is object or issubclass(kind, _LOCKS):
        found.sentinels.append(value)
        return ()
    if kind is types.BuiltinFunctionType or kind is weakref.ref:
        return _of_bound(found, name, value)
    if kind is _CACHED:
        found.cached.append(value)
        if value.cache_info().currsize:
            found.apart.append(Apart(name, "a function with a cache, which was empty for the second run"))
        return (value.__wrapped__,)
    why = _uncopyable(value, kind)
    if why:
        found.apart.append(Apart(name, why, value=value, moves=why != _THREAD))
        return ()
    found.size += _size(value, kind)
    _note_library(found, value, kind)
    return gc.get_referents(value)


def _of_bound(found: Reached, name: str, value: Any) -> Iterable[Any]:
    """Note a built-in method or a weak reference, and return what it belongs to."""
    if type(value) is weakref.ref:
        owner = value() if value.__callback__ is None else None
    else:
        owner = value.__self__
    if owner is None or isinstance(owner, (types.ModuleType, type)):
        return ()
    found.bound.append((name, value))
    return (owner,)


def _note_library(found: Reached, value: Any, kind: type) -> None:
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and kind is numpy.ndarray:
        found.arrays.append(value)
    if torch is not None and issubclass(kind, torch.Tensor) and value.grad is not None:
        found.gradients.append(value)
    if torch is not None and issubclass(kind, torch.optim.Optimizer):
        found.optimizers.append(value)


def is_own(value: Any, namespace: Mapping[str, Any]) -> bool:
    """Whether what a name stands for can hold something of the notebook's: not a library's function or class."""
    kind = type(value)
    if issubclass(kind, type):
        return bool(type.__getattribute__(value, "__module__") == "__main__")
    if kind is types.FunctionType:
        return value.__globals__ is namespace
    return not issubclass(kind, _AS_THEY_ARE)


def contents(cell: Any) -> tuple[Any, ...]:
    """Return what a function's cell holds, nothing if it is not bound yet."""
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _of_function(function: Any) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        yield from contents(cell)
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from function.__dict__.values()


def _uncopyable(value: Any, kind: type) -> str:
    """Return why an object cannot be copied; nothing if it can be."""
    for kinds, why in _MOVING:
        if issubclass(kind, kinds) and not issubclass(kind, io.BytesIO):
            return why
    if issubclass(kind, threading.Thread):
        return _THREAD
    module = str(type.__getattribute__(kind, "__module__")).partition(".")[0]
    if module in _FRONT_END:
        return "a part of the front end"
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, torch.Tensor) and value.grad_fn is not None:
        return "a tensor that is part of a graph"
    return ""


def _size(value: Any, kind: type) -> int:
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, torch.Tensor):
        return int(value.numel() * value.element_size())
    module = str(type.__getattribute__(kind, "__module__")).partition(".")[0]
    if module in ("pandas", "polars", "scipy"):
        return 0  # their arrays are counted
    try:
        return object.__sizeof__(value) if module == "__main__" else sys.getsizeof(value)
    except TypeError:
        return 0
