"""Digests of pandas frames and series that have not changed since they were looked at.

A digest of a small frame is made of a hundred small steps. Whether it still holds what it held is told by its
memory alone: the bytes of its numbers, and which Arrow memory, which never changes, its text lies in.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

import xxhash

if TYPE_CHECKING:
    from collections.abc import Callable

    from .digester import Budget

__all__ = ["KnownFrames"]

_MOST = 1000


class _Unlike(Exception):
    """The frame holds something that is not told by bytes."""


class KnownFrames:
    """Remembers digests by what lies behind them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[Any], bytes, tuple[weakref.ref[Any], ...], str]] = {}
        """Identity -> itself, its fingerprint, the Arrow memory behind it, its digest."""

    def digest(self, value: Any, budget: Budget, make: Callable[[], str | None]) -> str | None:
        """Return the digest of a value, made anew only if something of it has changed.

        Args:
            value: Anything.
            budget: What may be looked at; it shrinks by the bytes that are compared.
            make: Makes the digest.
        """
        pandas: Any = sys.modules.get("pandas")
        kind = type(value)
        if pandas is None or (
            kind is not getattr(pandas, "DataFrame", None) and kind is not getattr(pandas, "Series", None)
        ):
            return make()
        try:
            found, arrow = _fingerprint(value, pandas, budget)
        except (_Unlike, AttributeError, TypeError, ValueError):
            return make()
        known = self._known.get(id(value))
        if known is not None and known[0]() is value and known[1] == found:
            same = len(known[2]) == len(arrow) and all(
                was() is now for was, now in zip(known[2], arrow, strict=True)
            )
            if same:
                return known[3]
        digest = make()
        if digest is not None:
            self._keep(value, found, arrow, digest)
        return digest

    def _keep(self, value: Any, found: bytes, arrow: list[Any], digest: str) -> None:
        if len(self._known) >= _MOST:
            self._known = {key: held for key, held in self._known.items() if held[0]() is not None}
        if len(self._known) < _MOST:
            behind = tuple(weakref.ref(each) for each in arrow)
            self._known[id(value)] = (weakref.ref(value), found, behind, digest)


def _fingerprint(value: Any, pandas: Any, budget: Budget) -> tuple[bytes, list[Any]]:
    """Return a digest of the numbers and of how they are arranged, and the Arrow memory beside them."""
    manager = value._mgr  # noqa: SLF001 - no public way leads to the memory itself
    if value.attrs:
        raise _Unlike
    arrow: list[Any] = []
    hashed = xxhash.xxh3_128()
    hashed.update(f"{type(value).__name__} {value.flags.allows_duplicate_labels}".encode())
    if type(value) is pandas.Series:
        _name(hashed, value.name)
    for axis in manager.axes:
        _axis(hashed, axis, pandas, arrow, budget)
    for block in manager.blocks:
        hashed.update(f"{block.mgr_locs.as_array.tolist()}".encode())
        _array(hashed, block.values, arrow, budget)
    return hashed.digest(), arrow


def _axis(hashed: Any, axis: Any, pandas: Any, arrow: list[Any], budget: Budget) -> None:
    hashed.update(type(axis).__name__.encode())
    _name(hashed, axis.name)
    if type(axis) is pandas.RangeIndex:
        hashed.update(f"{axis.start} {axis.stop} {axis.step}".encode())
    elif type(axis) is pandas.Index:
        _array(hashed, axis._data, arrow, budget)  # noqa: SLF001 - as above
    else:
        raise _Unlike


def _texts(hashed: Any, array: Any, budget: Budget) -> None:
    """Take in a few plain texts, as pandas before release 3 keeps them."""
    if array.size > min(_MOST, budget.items):
        raise _Unlike
    texts = array.ravel().tolist()
    if any(type(text) is not str for text in texts):
        raise _Unlike
    budget.items -= len(texts)
    hashed.update(f"texts {array.shape} {array.flags.writeable} {list(map(len, texts))}".encode())
    hashed.update("".join(texts).encode("utf-8", "surrogatepass"))


def _name(hashed: Any, name: Any) -> None:
    if name is not None and type(name) not in (str, int):
        raise _Unlike
    hashed.update(f"{type(name).__name__} {name}".encode())


def _array(hashed: Any, array: Any, arrow: list[Any], budget: Budget) -> None:
    """Take in the bytes of a plain array of numbers, or note the Arrow memory of a column of text."""
    held = getattr(array, "_pa_array", None)
    if held is not None:
        hashed.update(type(array).__name__.encode())
        arrow.append(held)
        return
    numpy: Any = sys.modules["numpy"]
    if type(array) is not numpy.ndarray or array.dtype.names is not None:
        raise _Unlike
    if array.dtype.hasobject:
        _texts(hashed, array, budget)
        return
    order = "C" if array.flags.c_contiguous else "F"
    if (order == "F" and not array.flags.f_contiguous) or array.dtype.kind not in "biufc":
        raise _Unlike
    if array.nbytes > budget.bytes:
        raise _Unlike
    budget.bytes -= array.nbytes
    hashed.update(f"{array.shape} {array.dtype.str} {order} {array.flags.writeable}".encode())
    if array.nbytes:
        hashed.update(array if order == "C" else array.T)
