"""What differs between two values of one name, in a few words; no code of the user's runs."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["difference"]

_ATOMS = frozenset((type(None), bool, int, float, complex, str, bytes))
_LONGEST = 60
_DEPTH = 6


def difference(first: Any, second: Any) -> str:
    """Return what differs, by the path to it; "its content" where that cannot be told."""
    try:
        return _difference(first, second, "", _DEPTH)
    except Exception:  # noqa: BLE001 - a library's values may raise anything; that they differ is known already
        return "its content"


def _difference(first: Any, second: Any, path: str, depth: int) -> str:
    kind = type(first)
    if kind is not type(second):
        return f"{_at(path)}a {kind.__name__} in the first run, a {type(second).__name__} in the second"
    if kind in _ATOMS:
        return f"{_at(path)}{_cut(first)} in the first run, {_cut(second)} in the second"
    if depth == 0:
        return f"{_at(path)}its content"
    if kind in (list, tuple):
        return _sequence(first, second, path, depth)
    if kind is dict:
        return _mapping(first, second, path, depth)
    if kind in (set, frozenset):
        return f"{_at(path)}{len(first - second)} elements in the first run only, {len(second - first)} in the second"
    return _of_library(first, second, path, depth)


def _sequence(first: Any, second: Any, path: str, depth: int) -> str:
    if len(first) != len(second):
        return f"{_at(path)}{len(first)} elements in the first run, {len(second)} in the second"
    for number, (one, two) in enumerate(zip(first, second, strict=True)):
        if one is two or (type(one) in _ATOMS and type(one) is type(two) and one == two):
            continue
        if type(one) in _ATOMS or type(two) in _ATOMS or not _same(one, two):
            return _difference(one, two, f"{path}[{number}]", depth - 1)
    return f"{_at(path)}its content"


def _mapping(first: dict[Any, Any], second: dict[Any, Any], path: str, depth: int) -> str:
    one, two = list(first), list(second)
    if one != two:
        if len(one) == len(two) and all(key in second for key in one):
            return f"{_at(path)}the order of its keys"
        return f"{_at(path)}its keys"
    for key in one:
        left, right = first[key], second[key]
        if left is right or (type(left) in _ATOMS and type(left) is type(right) and left == right):
            continue
        if type(left) in _ATOMS or type(right) in _ATOMS or not _same(left, right):
            return _difference(left, right, f"{path}[{_cut(key)[1:-1]}]", depth - 1)
    return f"{_at(path)}its content"


def _same(one: Any, two: Any) -> bool:
    """Whether two values have the same content, as the digests see it."""
    from jupyter_repro.digest.values import Budget, value_digest

    digest = value_digest(one, budget=Budget())
    return digest is not None and digest == value_digest(two, budget=Budget())


def _of_library(first: Any, second: Any, path: str, depth: int) -> str:
    numpy, pandas, torch = (sys.modules.get(name) for name in ("numpy", "pandas", "torch"))
    if numpy is not None and isinstance(first, numpy.ndarray):
        return _arrays(numpy, first, second, path)
    if torch is not None and isinstance(first, torch.Tensor):
        one, two = (each.detach().cpu() for each in (first, second))
        if numpy is not None and one.dtype is not torch.bfloat16:
            return _arrays(numpy, one.numpy(), two.numpy(), path)
        return f"{_at(path)}its numbers"
    if torch is not None and isinstance(first, torch.nn.Module):
        return _mapping(dict(first.state_dict()), dict(second.state_dict()), path, depth)
    if pandas is not None and isinstance(first, (pandas.Series, pandas.Index)):
        return _arrays(numpy, first.to_numpy(), second.to_numpy(), path)
    if pandas is not None and isinstance(first, pandas.DataFrame):
        return _frames(first, second, path, depth)
    if hasattr(first, "__dict__") and type(first).__module__ == "__main__":
        return _mapping(vars(first), vars(second), path, depth)
    return f"{_at(path)}its content"


def _frames(first: Any, second: Any, path: str, depth: int) -> str:
    if first.shape != second.shape or list(first.columns) != list(second.columns):
        return f"{_at(path)}{first.shape} in the first run, {second.shape} in the second, or its columns"
    for name in first.columns:
        if not _same(first[name], second[name]):
            return _difference(first[name], second[name], f"{path}[{_cut(name)[1:-1]}]", depth - 1)
    return f"{_at(path)}its index"


def _arrays(numpy: Any, first: Any, second: Any, path: str) -> str:
    if first.shape != second.shape or first.dtype != second.dtype:
        return f"{_at(path)}{first.dtype}{list(first.shape)} in the first run, {second.dtype}{list(second.shape)} in the second"
    numbers = first.dtype.kind in "fc"
    other = ~((first == second) | ((first != first) & (second != second))) if numbers else first != second  # noqa: PLR0124 - NaN is not equal to itself
    count = int(numpy.count_nonzero(other))
    if not count:
        return f"{_at(path)}its content"
    text = f"{_at(path)}{count} of {first.size} numbers"
    if first.dtype.kind in "biufc":
        index = tuple(int(each) for each in numpy.argwhere(other)[0]) if first.ndim else ()
        place = f"[{', '.join(map(str, index))}]" if index else ""
        text += f", the first at {place}" if place else ""
        text += f": `{first[index]!s}` in the first run, `{second[index]!s}` in the second"
    return text


def _at(path: str) -> str:
    return f"at `{path}` " if path else ""


def _cut(value: Any) -> str:
    text = repr(value) if type(value) in _ATOMS else type(value).__name__
    return f"`{text}`" if len(text) <= _LONGEST else f"`{text[:_LONGEST]}...`"
