"""How data are prepared, in words that two runs can be compared by."""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from typing import Any

from jupyter_repro.rng.guarded import attempt

from .tensors import digest_in_memory, is_tensor, plain_tensor

__all__ = ["describe", "parting", "settings_of"]

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_PLAIN = (bool, int, float, str, type(None))
_WORDS = {
    "preprocessing": ("preprocessing", "preprocess", "processor"),
    "augmentation": ("transform", "transforms", "augment", "augmentation", "target_transform", "collate_fn"),
}
"""Attributes of a data set that commonly hold how a sample is made."""
_DEPTH = 5


def settings_of(loader: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return preprocessing and augmentation as they describe themselves.

    Args:
        loader: Its data set is looked at where nothing is given.
        given: What the user hands over, by the two words.
    """
    dataset = getattr(loader, "dataset", None)
    dataset = getattr(dataset, "dataset", dataset)  # ours stands for the user's
    found = {word: describe(value) for word, value in given.items() if value is not None}
    for word, names in _WORDS.items():
        own = {name: _own(dataset).get(name) for name in names}
        seen = {name: describe(value) for name, value in own.items() if value is not None}
        if word not in found and seen:
            found[word] = seen
    return found


def parting(one: Any, other: Any, place: str = "") -> tuple[str, Any, Any]:
    """Return the place at which two descriptions part first, and what stands there in each."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        pairs = [(name, one.get(name, "nothing"), other.get(name, "nothing")) for name in names]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(number), *each) for number, each in enumerate(zip(one, other, strict=True))]
    else:
        return place, one, other
    name, then, now = next(pair for pair in pairs if pair[1] != pair[2])
    return parting(then, now, f"{place}.{name}" if place else name)


def describe(value: Any, depth: int = 0) -> Any:
    """Return plain data that is the same in each run for the same preparation."""
    if isinstance(value, _PLAIN):
        return value
    if depth > _DEPTH:
        return f"a {type(value).__qualname__}"
    if isinstance(value, dict):
        return {str(key): describe(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        found = [describe(each, depth + 1) for each in value]
        # a set's own order is that of a hash seed
        return found if isinstance(value, (list, tuple)) else sorted(found, key=str)
    return _numbers(value) or _object(value, depth)


def _object(value: Any, depth: int) -> Any:
    if inspect.isroutine(value) or inspect.isclass(value):
        return _function(value)
    parameters = getattr(value, "get_params", None)
    if callable(parameters) and not inspect.isclass(value):
        told, _ = attempt(parameters, deep=False)
        if isinstance(told, dict):
            return {"is": _name(type(value)), **describe(told, depth + 1)}
    if getattr(type(value), "__repr__", None) is not object.__repr__:
        text, reason = attempt(repr, value)
        return _ADDRESS.sub("", text) if text is not None else f"a {_name(type(value))} ({reason})"
    held = {name: describe(each, depth + 1) for name, each in sorted(_own(value).items())}
    return {"is": _name(type(value)), **held}


def _numbers(value: Any) -> str:
    """Name an array or tensor by all of its numbers, of which its `repr` shows the first and last."""
    numpy = sys.modules.get("numpy")
    if is_tensor(value):
        kind, (digest, reason) = (
            str(value.dtype),
            attempt(lambda: digest_in_memory(plain_tensor(value, "it"))),
        )
    elif numpy is not None and isinstance(value, numpy.ndarray):
        kind, (digest, reason) = (
            str(value.dtype),
            attempt(lambda: hashlib.sha256(value.tobytes()).hexdigest()),
        )
    else:
        return ""
    held = f"not looked at: {reason}" if digest is None else digest[:16]
    return f"{kind.removeprefix('torch.')}{list(value.shape)} ({held})"


def _function(value: Any) -> str:
    source, _ = attempt(inspect.getsource, value)
    name = _name(value)
    return f"{name} ({hashlib.sha256(source.encode()).hexdigest()[:16]})" if source else name


def _name(value: Any) -> str:
    name = getattr(value, "__qualname__", type(value).__qualname__)
    return f"{getattr(value, '__module__', '')}.{name}"


def _own(value: Any) -> dict[str, Any]:
    """Return the attributes that an object itself holds, without asking its class."""
    own, _ = attempt(object.__getattribute__, value, "__dict__")
    return own if type(own) is dict else {}
