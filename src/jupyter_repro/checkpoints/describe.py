"""How data are prepared, in words that two runs can be compared by."""

from __future__ import annotations

import hashlib
import inspect
import re
from typing import Any

from jupyter_repro.rng.guarded import attempt

__all__ = ["describe", "settings_of"]

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


def describe(value: Any, depth: int = 0) -> Any:
    """Return plain data that is the same in each run for the same preparation."""
    if isinstance(value, _PLAIN):
        return value
    if depth > _DEPTH:
        return f"a {type(value).__qualname__}"
    if isinstance(value, dict):
        return {str(key): describe(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [describe(each, depth + 1) for each in value]
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
