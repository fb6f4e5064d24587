"""States as JSON, with their tensors and arrays apart: nothing in a file is code."""

from __future__ import annotations

import base64
import math
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadCheckpoint

from .tensors import is_tensor, place_in_memory, plain_tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Packed", "Unpacked", "pack", "unpack"]

_TAG = "$"
_DEPTH = 64
_FACTORIES: dict[str, Callable[[], Any]] = {"dict": dict, "list": list, "int": int, "float": float}


class Packed:
    """One value: its JSON, its tensors by name, its arrays in order."""

    def __init__(self) -> None:
        self.tree: Any = None
        self.tensors: dict[str, Any] = {}
        self.arrays: list[Any] = []
        self._known: dict[tuple[Any, ...], str] = {}
        self._alive: list[Any] = []

    def tensor(self, value: Any, path: tuple[str, ...]) -> str:
        """Take a tensor and return its name; one that is there already is not taken twice."""
        place = place_in_memory(value)
        if place in self._known:
            return self._known[place]
        name = base = ".".join(path) or "value"
        number = 1
        while name in self.tensors:
            number += 1
            name = f"{base}~{number}"
        self.tensors[name] = plain_tensor(value, name)
        self._known[place] = name
        self._alive.append(value)  # its place in memory is given to no other meanwhile
        return name


class Unpacked:
    """Where the tensors and arrays of one value come from."""

    def __init__(self, tensors: Mapping[str, Any], arrays: Callable[[int], Any]) -> None:
        self.tensors = tensors
        self.array = arrays


def pack(value: Any) -> Packed:
    """Return a value as data.

    Raises:
        BadCheckpoint: Something in it is no data; where is told.
    """
    packed = Packed()
    packed.tree = _pack(value, packed, ())
    return packed


def _pack(value: Any, to: Packed, path: tuple[str, ...]) -> Any:
    if len(path) > _DEPTH:
        raise _no_data(value, path[:4], "it is nested too deeply, or holds itself")
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {_TAG: "float", "value": repr(value)}
    if is_tensor(value):
        return {_TAG: "tensor", "name": to.tensor(value, path), "device": str(value.device)}
    for accepts, tag, parts in _KINDS:
        if accepts(value):
            return {_TAG: tag, **{key: _pack(each, to, path) for key, each in parts(value).items()}}
    if isinstance(value, dict):
        return _pack_dict(value, to, path)
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray and not value.dtype.hasobject:
        to.arrays.append(value)
        return {_TAG: "array", "number": len(to.arrays) - 1}
    if kind in (list, tuple, set, frozenset, deque):
        return _pack_items(value, to, path)
    raise _no_data(value, path, "it is no plain data")


def _pack_items(value: Any, to: Packed, path: tuple[str, ...]) -> Any:
    kind = type(value)
    ordered = sorted(value, key=repr) if kind in (set, frozenset) else value
    items = [_pack(each, to, (*path, str(index))) for index, each in enumerate(ordered)]
    if kind is list:
        return items
    return {_TAG: kind.__name__, "items": items, **({"most": value.maxlen} if kind is deque else {})}


def _pack_dict(value: dict[Any, Any], to: Packed, path: tuple[str, ...]) -> Any:
    kind = type(value)
    if kind is dict and all(type(key) is str and key != _TAG for key in value):
        return {key: _pack(each, to, (*path, key)) for key, each in value.items()}
    found: dict[str, Any] = {
        _TAG: "dict",
        "items": [[_pack(key, to, path), _pack(each, to, (*path, str(key)))] for key, each in value.items()],
    }
    if kind is OrderedDict:
        found[_TAG] = "ordered"
        metadata = getattr(value, "_metadata", None)  # torch keeps there which version of a module it is
        if metadata is not None:
            found["metadata"] = _pack(metadata, to, (*path, "_metadata"))
    elif kind is Counter:
        found[_TAG] = "counter"
    elif kind is defaultdict:
        factory = getattr(value, "default_factory", None)
        name = "" if factory is None else getattr(factory, "__name__", "")
        if factory is not None and _FACTORIES.get(name) is not factory:
            raise _no_data(value, path, "its default is made by a function")
        found |= {_TAG: "defaultdict", "factory": name}
    elif kind is not dict:
        raise _no_data(value, path, "it is no plain dict")
    return found


def _of(module: str, *names: str) -> Callable[[Any], bool]:
    def accepts(value: Any) -> bool:
        home = sys.modules.get(module)
        kinds = tuple(kind for name in names if isinstance(kind := getattr(home, name, None), type))
        return isinstance(value, kinds) if kinds else False

    return accepts


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


_KINDS: tuple[tuple[Callable[[Any], bool], str, Callable[[Any], dict[str, Any]]], ...] = (
    (_is(bytes, bytearray), "bytes", lambda value: {"base64": base64.b64encode(value).decode()}),
    (_is(complex), "complex", lambda value: {"real": value.real, "imag": value.imag}),
    (_of("torch", "Size"), "size", lambda value: {"items": list(value)}),
    (_of("torch", "dtype"), "dtype", lambda value: {"name": str(value)}),
    (_of("torch", "device"), "device", lambda value: {"name": str(value)}),
    (
        _of("numpy", "number", "bool"),
        "number",
        lambda value: {"dtype": value.dtype.str, "bytes": value.tobytes().hex()},
    ),
)


def unpack(tree: Any, source: Unpacked) -> Any:
    """Return the value that :func:`pack` was given.

    Raises:
        BadCheckpoint: The tree is none of ours.
    """
    if isinstance(tree, list):
        return [unpack(each, source) for each in tree]
    if not isinstance(tree, dict):
        return tree
    tag = tree.get(_TAG)
    if tag is None:
        return {key: unpack(each, source) for key, each in tree.items()}
    read = _READERS.get(tag) if isinstance(tag, str) else None
    if read is None:
        raise BadCheckpoint(
            f"no state has a part of the kind `{tag}`", remedy="install a newer jupyter_repro"
        )
    return read(tree, source)


def _ordered(tree: dict[str, Any], source: Unpacked) -> Any:
    found = OrderedDict(_items(tree, source))
    if "metadata" in tree:
        found._metadata = unpack(tree["metadata"], source)  # type: ignore[attr-defined] # noqa: SLF001 - as torch does
    return found


def _items(tree: dict[str, Any], source: Unpacked) -> list[tuple[Any, Any]]:
    return [(unpack(key, source), unpack(each, source)) for key, each in tree["items"]]


def _number(tree: dict[str, Any], _: Unpacked) -> Any:
    import numpy as np

    return np.frombuffer(bytes.fromhex(tree["bytes"]), dtype=tree["dtype"])[0]


def _from_torch(tree: dict[str, Any], _: Unpacked) -> Any:
    import torch

    name = tree["name"]
    return torch.device(name) if tree[_TAG] == "device" else getattr(torch, name.removeprefix("torch."))


def _size(tree: dict[str, Any], _: Unpacked) -> Any:
    import torch

    return torch.Size(tree["items"])


_READERS: dict[str, Callable[[dict[str, Any], Unpacked], Any]] = {
    "float": lambda tree, _: float(tree["value"]),
    "tensor": lambda tree, source: source.tensors[tree["name"]],
    "array": lambda tree, source: source.array(tree["number"]),
    "bytes": lambda tree, _: base64.b64decode(tree["base64"]),
    "complex": lambda tree, source: complex(unpack(tree["real"], source), unpack(tree["imag"], source)),
    "tuple": lambda tree, source: tuple(unpack(tree["items"], source)),
    "set": lambda tree, source: set(unpack(tree["items"], source)),
    "frozenset": lambda tree, source: frozenset(unpack(tree["items"], source)),
    "deque": lambda tree, source: deque(unpack(tree["items"], source), tree["most"]),
    "dict": lambda tree, source: dict(_items(tree, source)),
    "ordered": _ordered,
    "counter": lambda tree, source: Counter(dict(_items(tree, source))),
    "defaultdict": lambda tree, source: defaultdict(
        _FACTORIES.get(tree["factory"]), dict(_items(tree, source))
    ),
    "size": _size,
    "dtype": _from_torch,
    "device": _from_torch,
    "number": _number,
}


def _no_data(value: Any, path: tuple[str, ...], why: str) -> BadCheckpoint:
    where = ".".join(path)
    kind = type(value)
    return BadCheckpoint(
        f"{f'`{where}`' if where else 'the state'} is a {kind.__module__}.{kind.__qualname__}, which cannot be saved: {why}",
        remedy="leave it out of the state, or hand over numbers, texts, lists, dicts, arrays and tensors",
    )
